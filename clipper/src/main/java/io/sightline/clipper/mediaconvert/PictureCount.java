package io.sightline.clipper.mediaconvert;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import java.nio.file.Path;

/**
 * How many pictures a job was asked for.
 *
 * @param mayDiffer by how many an output may differ, where it has another rate than what it is of
 */
record PictureCount(long pictures, long mayDiffer) {

  /**
   * @throws MediaException MALFORMED when there are more or fewer
   */
  void require(long found) throws MediaException {
    if (Math.abs(found - pictures) > mayDiffer) {
      throw new MediaException(
          Reason.MALFORMED,
          "MediaConvert made " + found + " pictures where " + pictures + " were asked for");
    }
  }

  /** How many a file shows; nothing is decoded. Blocking. */
  static long in(Path mp4) throws MediaException {
    try (MediaSource source = MediaSource.open(mp4.toString(), SourceOptions.DEFAULTS)) {
      SourceTrack video =
          source.tracks().stream()
              .filter(SourceTrack::isVideo)
              .findFirst()
              .orElseThrow(
                  () -> new MediaException(Reason.MALFORMED, "MediaConvert made no pictures"));
      long pictures = 0;
      for (Packet packet = source.next(); packet != null; packet = source.next()) {
        pictures += packet.track() == video.index() ? 1 : 0;
      }
      return pictures;
    }
  }
}
