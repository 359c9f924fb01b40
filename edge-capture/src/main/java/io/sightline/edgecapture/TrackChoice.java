package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.SourceTrack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which tracks of an input are taken for what.
 *
 * @param leading whose times make the axis: the first with pictures, else the first with sound
 * @param sampled from which frames are taken; null when there are no pictures or none are wanted
 * @param recorded those copied into chunks
 * @param note what is left out; null when nothing is
 */
record TrackChoice(
    SourceTrack leading, SourceTrack sampled, List<SourceTrack> recorded, String note) {

  private static final Set<String> RECORDABLE =
      Set.of("h264", "hevc", "av1", "vp9", "aac", "opus", "mp3", "ac3");

  static TrackChoice of(List<SourceTrack> tracks, boolean record, boolean analyze) {
    SourceTrack pictures = tracks.stream().filter(SourceTrack::isVideo).findFirst().orElse(null);
    SourceTrack leading =
        pictures != null
            ? pictures
            : tracks.stream().filter(SourceTrack::isAudio).findFirst().orElse(null);
    List<SourceTrack> recorded = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (SourceTrack track : record ? tracks : List.<SourceTrack>of()) {
      if (RECORDABLE.contains(track.codec())) {
        recorded.add(track);
      } else {
        left.add(track.codec());
      }
    }
    String note =
        left.isEmpty()
            ? null
            : "Not recorded, as only H.264, HEVC, AV1, VP9, AAC, Opus, MP3 and AC-3 are: "
                + String.join(", ", left);
    return new TrackChoice(leading, analyze ? pictures : null, List.copyOf(recorded), note);
  }

  /**
   * @throws MediaException with a sentence, when there is nothing in it that can be used
   */
  void require(boolean needsPictures, String safeUrl) throws MediaException {
    if (leading == null) {
      throw unsupported("'" + safeUrl + "' has neither pictures nor sound");
    }
    if (needsPictures && sampled == null) {
      throw unsupported(
          "'" + safeUrl + "' has sound only, but the profile's analyzers look at pictures");
    }
    if (sampled == null && recorded.isEmpty()) {
      throw unsupported("Nothing in '" + safeUrl + "' can be recorded or looked at");
    }
  }

  /** The recorded track whose times a chunk goes by: the first with pictures, else the first. */
  SourceTrack mainRecorded() {
    return recorded.stream().filter(SourceTrack::isVideo).findFirst().orElse(recorded.get(0));
  }

  private static MediaException unsupported(String message) {
    return new MediaException(MediaException.Reason.UNSUPPORTED, message);
  }
}
