package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.SourceTrack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tracks of an input are taken for what.
 *
 * @param leading whose times make the axis: the first with pictures, else the first with sound
 * @param sampled from which frames are taken; null when there are no pictures or none are wanted
 * @param recorded those that go into chunks
 * @param encoded indexes of those among them that cannot be copied: they are encoded to H.264 and
 *     AAC
 * @param note what is encoded and what is left out; null when neither is
 */
record TrackChoice(
    SourceTrack leading,
    SourceTrack sampled,
    List<SourceTrack> recorded,
    Set<Integer> encoded,
    String note) {

  /** FFmpeg's names of codecs, for people; others are shown as they are. */
  private static final Map<String, String> NAMES =
      Map.of(
          "mpeg1video", "MPEG-1",
          "mpeg2video", "MPEG-2",
          "mpeg4", "MPEG-4 part 2",
          "mjpeg", "MJPEG",
          "vp8", "VP8",
          "rawvideo", "raw video",
          "mp2", "MP2",
          "eac3", "E-AC-3");

  static TrackChoice of(List<SourceTrack> tracks, boolean record, boolean analyze) {
    SourceTrack pictures = tracks.stream().filter(SourceTrack::isVideo).findFirst().orElse(null);
    SourceTrack leading =
        pictures != null
            ? pictures
            : tracks.stream().filter(SourceTrack::isAudio).findFirst().orElse(null);
    List<SourceTrack> recorded = new ArrayList<>();
    Set<Integer> encoded = new TreeSet<>();
    List<String> changes = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (SourceTrack track : record ? tracks : List.<SourceTrack>of()) {
      if (ChunkWriter.copies(track)) {
        recorded.add(track);
      } else if (!TrackEncoder.canDecode(track)) {
        left.add(track.codec());
      } else if (track.isAudio() || track.equals(pictures)) {
        recorded.add(track);
        encoded.add(track.index());
        changes.add(named(track) + (track.isVideo() ? " to H.264" : " to AAC"));
      } else {
        left.add(track.codec());
      }
    }
    List<String> notes = new ArrayList<>();
    if (!changes.isEmpty()) {
      notes.add("To be recorded it is encoded: " + String.join(", ", changes));
    }
    if (!left.isEmpty()) {
      notes.add("Not recorded: " + String.join(", ", left));
    }
    return new TrackChoice(
        leading,
        analyze ? pictures : null,
        List.copyOf(recorded),
        encoded,
        notes.isEmpty() ? null : String.join(". ", notes));
  }

  private static String named(SourceTrack track) {
    return track.codec().startsWith("pcm_")
        ? "PCM"
        : NAMES.getOrDefault(track.codec(), track.codec());
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
