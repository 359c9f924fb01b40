package io.sightline.launcher.config;

import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipMaker;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.mediaconvert.MediaConvertMaker;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.RenditionSpec;
import java.util.List;

/**
 * How segments become clips.
 *
 * @param accuracy how near a clip comes to its marks
 * @param maker {@code local}, or {@code mediaconvert}
 * @param mediaconvert how MediaConvert makes them; null when it does not
 * @param renditions other sizes and shapes in which each is made, too
 * @param encoder FFmpeg's name of what encodes those
 */
public record ClipsSection(
    ClipAccuracy accuracy,
    String maker,
    MediaConvertSection mediaconvert,
    List<RenditionSpec> renditions,
    String encoder) {

  private static final String LOCAL = "local";
  private static final String MEDIACONVERT = "mediaconvert";

  public ClipsSection {
    accuracy = accuracy == null ? ClipAccuracy.FRAME : accuracy;
    maker = maker == null ? LOCAL : maker;
    if (!maker.equals(LOCAL) && !maker.equals(MEDIACONVERT)) {
      throw new IllegalArgumentException(
          "expected the maker 'local' or 'mediaconvert', found '" + maker + "'");
    }
    renditions = renditions == null ? List.of() : List.copyOf(renditions);
    encoder = encoder == null ? VideoEncoder.OPENH264.id() : encoder;
    // Names are looked at here, where the line of the file is known.
    ClipperConfig.DEFAULT.with(renditions).with(VideoEncoder.of(encoder));
  }

  public ClipperConfig config() {
    return ClipperConfig.DEFAULT.with(accuracy).with(renditions).with(VideoEncoder.of(encoder));
  }

  /** Whether clips are cut in this process. */
  public boolean local() {
    return maker.equals(LOCAL);
  }

  /**
   * What makes clips, when they are not cut in this process.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot be used as it is set
   */
  public ClipMaker.Opener opener(StorageSection storage) {
    if (mediaconvert == null) {
      throw new IllegalArgumentException(
          "expected a section 'mediaconvert' with a region and a role beside the maker");
    }
    return MediaConvertMaker.opener(mediaconvert.settings(storage), accuracy);
  }
}
