package io.sightline.launcher.config;

import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.mediaconvert.MediaConvert;
import io.sightline.clipper.mediaconvert.MediaConvertSettings;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.RenditionSpec;
import java.util.List;
import java.util.Optional;

/**
 * How segments become clips.
 *
 * @param accuracy how near a clip comes to its marks
 * @param maker {@code local}, or {@code mediaconvert}
 * @param mediaconvert how MediaConvert makes them, or whole replays; null when it makes neither
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
   * MediaConvert, for clips or for whole replays; empty when it is not configured, or clips are cut
   * here and objects are not in S3, where it could not read them.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot be used as it is set
   */
  public Optional<MediaConvert> service(StorageSection storage) {
    if (mediaconvert == null) {
      if (!local()) {
        throw new IllegalArgumentException(
            "expected a section 'mediaconvert' with a region and a role beside the maker");
      }
      return Optional.empty();
    }
    MediaConvertSettings settings = mediaconvert.settings(storage);
    if (local() && storage.bucket().isEmpty()) {
      return Optional.empty();
    }
    MediaConvert service = new MediaConvert(settings);
    if (!local()) {
      service.clips(accuracy);
    }
    return Optional.of(service);
  }
}
