package io.sightline.records;

import java.util.List;
import java.util.Objects;

/**
 * What is done to every sampled frame of a stream before anybody looks at it. The recording is not
 * touched.
 *
 * @param rotate degrees clockwise beyond what the source itself asks for: 0, 90, 180 or 270
 * @param width wider frames are made smaller, in pixels; null for what capture thinks wide enough
 * @param quality of the JPEG, 1 to 100 as image programs count it; null for the default
 * @param masks polygons that are painted black, in the picture as people see it: turned already
 */
public record PictureOptions(
    Integer rotate, Integer width, Integer quality, List<List<Point>> masks) {

  /** Frames as they are. */
  public static final PictureOptions NONE = new PictureOptions(null, null, null, null);

  /** What is narrower shows nothing. */
  public static final int MIN_WIDTH = 16;

  private static final int MAX_MASKS = 50;
  private static final int MAX_CORNERS = 100;

  public PictureOptions {
    rotate = rotate == null ? 0 : rotate;
    if (rotate % 90 != 0 || rotate < 0 || rotate >= 360) {
      throw new IllegalArgumentException(
          "A frame is rotated by 0, 90, 180 or 270 degrees, not " + rotate);
    }
    if (width != null && (width < MIN_WIDTH || width > FrameInfo.MAX_DIMENSION)) {
      throw new IllegalArgumentException(
          "The width of a frame is "
              + MIN_WIDTH
              + " to "
              + FrameInfo.MAX_DIMENSION
              + " pixels, not "
              + width);
    }
    if (quality != null && (quality < 1 || quality > 100)) {
      throw new IllegalArgumentException("The quality of a frame is 1 to 100, not " + quality);
    }
    masks = masks == null ? List.of() : checked(masks);
  }

  private static List<List<Point>> checked(List<List<Point>> masks) {
    if (masks.size() > MAX_MASKS) {
      throw new IllegalArgumentException(
          "A stream has up to " + MAX_MASKS + " masks, not " + masks.size());
    }
    return masks.stream().map(PictureOptions::mask).toList();
  }

  private static List<Point> mask(List<Point> corners) {
    int count = corners == null || corners.stream().anyMatch(Objects::isNull) ? 0 : corners.size();
    if (count < 3 || count > MAX_CORNERS) {
      throw new IllegalArgumentException(
          "A mask has 3 to "
              + MAX_CORNERS
              + " corners such as [[0, 0], [0.3, 0], [0.3, 0.2]], not "
              + (count == 0 ? "none" : count));
    }
    return List.copyOf(corners);
  }
}
