package io.sightline.media.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * How bright a picture is in each cell of a coarse grid, from some of its pixels: enough to tell
 * whether two pictures show the same, for a small part of what decoding one costs.
 */
public final class BrightnessGrid {

  static final int COLUMNS = 32;
  static final int ROWS = 18;

  /** Pixels looked at in a cell, across and down. Their noise is a quarter of one pixel's. */
  private static final int SAMPLES = 4;

  /** Cells that differ by less look alike: noise, and what encoders make of it. Of 255. */
  private static final int ALIKE = 12;

  private final int[] cells;

  private BrightnessGrid(int[] cells) {
    this.cells = cells;
  }

  /** Of a decoded picture in any pixel format; where there is no brightness, of its green. */
  public static BrightnessGrid of(AVFrame picture) {
    AVPixFmtDescriptor format = avutil.av_pix_fmt_desc_get(picture.format());
    boolean rgb = (format.flags() & avutil.AV_PIX_FMT_FLAG_RGB) != 0;
    AVComponentDescriptor component = format.comp(rgb ? 1 : 0);
    int step = component.step();
    int shift = component.shift();
    int depth = Math.max(1, component.depth());
    boolean wide = shift + depth > 8;
    int stride = picture.linesize(component.plane());
    int height = picture.height();
    ByteBuffer plane = plane(picture.data(component.plane()), stride, height);
    if ((format.flags() & avutil.AV_PIX_FMT_FLAG_BE) == 0) {
      plane.order(ByteOrder.LITTLE_ENDIAN);
    }
    int last = plane.capacity() - (wide ? 2 : 1);
    int[] sums = new int[COLUMNS * ROWS];
    for (int y = 0; y < ROWS * SAMPLES; y++) {
      int row = (int) ((long) y * height / (ROWS * SAMPLES)) * Math.abs(stride);
      for (int x = 0; x < COLUMNS * SAMPLES; x++) {
        int column = (int) ((long) x * picture.width() / (COLUMNS * SAMPLES)) * step;
        int at = Math.min(last, row + column + component.offset());
        int value = (wide ? plane.getShort(at) & 0xffff : plane.get(at) & 0xff) >> shift;
        value &= (1 << depth) - 1;
        sums[y / SAMPLES * COLUMNS + x / SAMPLES] +=
            depth > 8 ? value >> depth - 8 : value << 8 - depth;
      }
    }
    for (int cell = 0; cell < sums.length; cell++) {
      sums[cell] /= SAMPLES * SAMPLES;
    }
    return new BrightnessGrid(sums);
  }

  /** A picture that is stored from its last row up has its first byte in that row. */
  private static ByteBuffer plane(BytePointer first, int stride, int height) {
    BytePointer lowest = stride < 0 ? first.getPointer((long) stride * (height - 1)) : first;
    return lowest.capacity((long) Math.abs(stride) * height).asByteBuffer();
  }

  /**
   * How much of the picture looks other than in another one, 0 to 1.
   *
   * @param ignored cells that do not count, row by row
   */
  double differenceFrom(BrightnessGrid other, BitSet ignored) {
    int different = 0;
    for (int cell = 0; cell < cells.length; cell++) {
      if (!ignored.get(cell) && Math.abs(cells[cell] - other.cells[cell]) > ALIKE) {
        different++;
      }
    }
    int counted = cells.length - ignored.cardinality();
    return counted == 0 ? 0 : different / (double) counted;
  }

  /** How far the cells of another picture differ from its own on average, of 255. */
  public double distance(BrightnessGrid other) {
    long sum = 0;
    for (int cell = 0; cell < cells.length; cell++) {
      sum += Math.abs(cells[cell] - other.cells[cell]);
    }
    return sum / (double) cells.length;
  }
}
