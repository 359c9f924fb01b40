package io.sightline.clipper;

/**
 * @param accuracy how near a clip comes to its marks
 * @param threads how many clips are cut at once
 * @param mp4 whether each clip is also written as an MP4
 * @param thumbnailWidth in pixels; pictures are never enlarged
 */
public record ClipperConfig(ClipAccuracy accuracy, int threads, boolean mp4, int thumbnailWidth) {

  public static final ClipperConfig DEFAULT = new ClipperConfig(ClipAccuracy.FRAME, 2, true, 480);

  public ClipperConfig {
    if (threads < 1 || thumbnailWidth < 16) {
      throw new IllegalArgumentException(
          "The clipper needs at least one thread and thumbnails of at least 16 pixels");
    }
  }

  /** The same with another accuracy. */
  public ClipperConfig with(ClipAccuracy other) {
    return new ClipperConfig(other, threads, mp4, thumbnailWidth);
  }
}
