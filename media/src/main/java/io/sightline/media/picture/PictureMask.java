package io.sightline.media.picture;

import io.sightline.records.Point;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Paints polygons black, in the planes of a picture as they are. It errs on hiding: every pixel
 * that a polygon touches is black, what its border goes round is inside however often it does, and
 * so is every chroma sample that belongs to a black pixel. What lies where is worked out once for
 * each size.
 */
final class PictureMask {

  private static final byte COLOURLESS = (byte) 128;

  private final List<List<Point>> polygons;

  private int width;
  private int height;
  private int shiftX;
  private int shiftY;
  private BitSet[] hidden = {};
  private BitSet[] hiddenChroma = {};
  private byte[] black = {};
  private byte[] colourless = {};

  PictureMask(List<List<Point>> polygons) {
    this.polygons = polygons;
  }

  boolean isEmpty() {
    return polygons.isEmpty();
  }

  /**
   * Paints.
   *
   * @param picture of three planes of bytes, full range, that may be written
   * @param chromaShiftX by which power of two chroma is narrower
   * @param chromaShiftY by which power of two chroma is lower
   */
  void paint(AVFrame picture, int chromaShiftX, int chromaShiftY) {
    if (picture.width() != width
        || picture.height() != height
        || chromaShiftX != shiftX
        || chromaShiftY != shiftY) {
      width = picture.width();
      height = picture.height();
      shiftX = chromaShiftX;
      shiftY = chromaShiftY;
      hidden = touched(width, height);
      hiddenChroma = hiddenChroma();
      black = new byte[width];
      colourless = new byte[width];
      Arrays.fill(colourless, COLOURLESS);
    }
    fill(picture, 0, hidden, black);
    fill(picture, 1, hiddenChroma, colourless);
    fill(picture, 2, hiddenChroma, colourless);
  }

  private static void fill(AVFrame picture, int plane, BitSet[] rows, byte[] paint) {
    int stride = picture.linesize(plane);
    ByteBuffer bytes = picture.data(plane).capacity((long) stride * rows.length).asByteBuffer();
    for (int y = 0; y < rows.length; y++) {
      BitSet row = rows[y];
      for (int from = row.nextSetBit(0); from >= 0; ) {
        int to = row.nextClearBit(from);
        bytes.put(y * stride + from, paint, 0, to - from);
        from = row.nextSetBit(to);
      }
    }
  }

  /** Which pixels of a picture of this size are hidden, row by row. */
  BitSet[] touched(int across, int down) {
    BitSet[] rows = new BitSet[down];
    Arrays.setAll(rows, y -> new BitSet(across));
    for (List<Point> polygon : polygons) {
      new Outline(polygon, across, down).hide(rows);
    }
    return rows;
  }

  private BitSet[] hiddenChroma() {
    BitSet[] rows = new BitSet[(height + (1 << shiftY) - 1) >> shiftY];
    Arrays.setAll(rows, y -> new BitSet());
    for (int y = 0; y < height; y++) {
      BitSet row = hidden[y];
      for (int from = row.nextSetBit(0); from >= 0; ) {
        int to = row.nextClearBit(from);
        rows[y >> shiftY].set(from >> shiftX, ((to - 1) >> shiftX) + 1);
        from = row.nextSetBit(to);
      }
    }
    return rows;
  }
}
