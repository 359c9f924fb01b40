package io.sightline.media.picture;

import io.sightline.records.Point;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

  /** Of a pixel; a border that lies on the edge of one does not touch it. */
  private static final double ROUNDING = 1e-6;

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
      hidden = hidden();
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

  private BitSet[] hidden() {
    BitSet[] rows = new BitSet[height];
    Arrays.setAll(rows, y -> new BitSet(width));
    for (List<Point> polygon : polygons) {
      for (int i = 0; i < polygon.size(); i++) {
        border(rows, polygon.get(i), polygon.get((i + 1) % polygon.size()));
      }
      for (int y = 0; y < height; y++) {
        inside(rows[y], polygon, y + 0.5);
      }
    }
    return rows;
  }

  /** Hides what a side of a polygon touches. */
  private void border(BitSet[] rows, Point a, Point b) {
    double top = Math.min(a.y(), b.y()) * height;
    double bottom = Math.max(a.y(), b.y()) * height;
    for (int y = first(top); y < last(bottom, height); y++) {
      double from = bottom > top ? across(a, b, Math.max(y, top)) : a.x() * width;
      double to = bottom > top ? across(a, b, Math.min(y + 1, bottom)) : b.x() * width;
      hide(rows[y], Math.min(from, to), Math.max(from, to));
    }
  }

  /** Where a side that is not level crosses a height, in pixels. */
  private double across(Point a, Point b, double y) {
    double share = (y / height - a.y()) / (b.y() - a.y());
    return (a.x() + Math.max(0, Math.min(1, share)) * (b.x() - a.x())) * width;
  }

  private record Crossing(double x, int turn) {}

  private void inside(BitSet row, List<Point> polygon, double y) {
    List<Crossing> crossings = new ArrayList<>();
    for (int i = 0; i < polygon.size(); i++) {
      Point a = polygon.get(i);
      Point b = polygon.get((i + 1) % polygon.size());
      if (a.y() * height <= y != b.y() * height <= y) {
        crossings.add(new Crossing(across(a, b, y), a.y() < b.y() ? 1 : -1));
      }
    }
    crossings.sort((one, other) -> Double.compare(one.x(), other.x()));
    int turns = 0;
    for (int i = 0; i < crossings.size(); i++) {
      if (turns != 0) {
        hide(row, crossings.get(i - 1).x(), crossings.get(i).x());
      }
      turns += crossings.get(i).turn();
    }
  }

  private void hide(BitSet row, double from, double to) {
    int start = first(from);
    int end = last(to, width);
    if (start < end) {
      row.set(start, end);
    }
  }

  private static int first(double length) {
    return (int) Math.floor(length + ROUNDING);
  }

  private static int last(double length, int limit) {
    return Math.min(limit, (int) Math.ceil(length - ROUNDING));
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
