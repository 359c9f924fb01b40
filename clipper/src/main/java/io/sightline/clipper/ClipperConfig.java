package io.sightline.clipper;

import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.RenditionSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * @param accuracy how near a clip comes to its marks
 * @param threads how many clips of segments are cut at once; what may take long has one more
 * @param mp4 whether each clip is also written as an MP4
 * @param thumbnailWidth in pixels; pictures are never enlarged
 * @param renditions other sizes and shapes in which each clip is made, too; their names differ
 * @param encoder what encodes the pictures of renditions, where the machine has it
 */
public record ClipperConfig(
    ClipAccuracy accuracy,
    int threads,
    boolean mp4,
    int thumbnailWidth,
    List<RenditionSpec> renditions,
    VideoEncoder encoder) {

  public static final ClipperConfig DEFAULT =
      new ClipperConfig(ClipAccuracy.FRAME, 2, true, 480, List.of(), VideoEncoder.OPENH264);

  public ClipperConfig {
    renditions = List.copyOf(renditions);
    Set<String> names = new HashSet<>();
    for (RenditionSpec rendition : renditions) {
      if (!names.add(rendition.name())) {
        throw new IllegalArgumentException(
            "Two renditions are named '" + rendition.name() + "'; each needs a name of its own");
      }
    }
    if (threads < 1 || thumbnailWidth < 16) {
      throw new IllegalArgumentException(
          "The clipper needs at least one thread and thumbnails of at least 16 pixels");
    }
  }

  /** The same with another accuracy. */
  public ClipperConfig with(ClipAccuracy other) {
    return new ClipperConfig(other, threads, mp4, thumbnailWidth, renditions, encoder);
  }

  /** The same with these renditions. */
  public ClipperConfig with(List<RenditionSpec> others) {
    return new ClipperConfig(accuracy, threads, mp4, thumbnailWidth, others, encoder);
  }

  /** The same with another encoder. */
  public ClipperConfig with(VideoEncoder other) {
    return new ClipperConfig(accuracy, threads, mp4, thumbnailWidth, renditions, other);
  }
}
