package io.sightline.clipper.mediaconvert;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import io.sightline.records.TrackInfo;
import java.util.List;
import java.util.Set;

/** What holds of every file that a job reads. */
final class InputRules {

  private static final long DAY_MICROS = 24 * 3_600 * Positions.MICROS_PER_SECOND;

  /** Of those that can be recorded, what MediaConvert reads in an MP4. */
  private static final Set<String> CODECS =
      Set.of("avc1", "avc3", "hvc1", "hev1", "av01", "mp4a", "ac-3");

  private InputRules() {}

  /**
   * @throws MediaException UNSUPPORTED when MediaConvert reads no such tracks
   */
  static void requireReadable(List<TrackInfo> tracks) throws MediaException {
    for (TrackInfo track : tracks) {
      if (!CODECS.contains(track.codec().split("\\.")[0])) {
        throw inexact("MediaConvert reads no " + track.codec() + " in an MP4");
      }
    }
  }

  /**
   * @param last number of the last picture
   * @throws MediaException UNSUPPORTED when it has the timecode of an earlier one
   */
  static void requireOneDay(long last, Rational rate) throws MediaException {
    if (Timecode.of(last, rate).micros() >= DAY_MICROS) {
      throw inexact("it lasts a day, after which timecode begins again");
    }
  }

  /**
   * @throws MediaException UNSUPPORTED when pictures cannot be counted by timecode
   */
  static Rational rate(PictureGrid grid, TrackInfo video) throws MediaException {
    return grid.rate(video.frameRate())
        .orElseThrow(() -> inexact("its pictures do not come at a constant rate"));
  }

  static MediaException inexact(String why) {
    return new MediaException(Reason.UNSUPPORTED, "MediaConvert cannot clip this exactly: " + why);
  }
}
