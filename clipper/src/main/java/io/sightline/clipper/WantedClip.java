package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A clip that a segment is to have: one with its own marks and all sound, and one for each sound
 * track for which other marks were found, with that sound alone.
 *
 * @param segment closed
 * @param audioTrack 1-based, or 0 for all sound
 * @param markInMicros where it is to start
 * @param markOutMicros where it is to end
 */
public record WantedClip(
    Segment segment, ClipVariant variant, int audioTrack, long markInMicros, long markOutMicros) {

  static final String RENDITION = "source";

  private static final int ALL_AUDIO_TRACKS = 0;

  /** The one with the segment's own marks. */
  public static WantedClip original(Segment segment) {
    return new WantedClip(
        segment,
        ClipVariant.ORIGINAL,
        ALL_AUDIO_TRACKS,
        segment.startMicros(),
        segment.endMicros());
  }

  /** All that a closed segment is to have as it is now, the original first. */
  static List<WantedClip> of(Segment segment) {
    List<WantedClip> wanted = new ArrayList<>();
    wanted.add(original(segment));
    for (OptimizedTrack track : segment.movedTracks()) {
      wanted.add(
          new WantedClip(
              segment,
              ClipVariant.OPTIMIZED,
              track.audioTrack(),
              track.startMicros(),
              track.endMicros()));
    }
    return wanted;
  }

  /** The id of the clip. */
  public String id() {
    return Ids.clip(segment.id(), variant, audioTrack, segmentRevision(), RENDITION);
  }

  /** What all clips of this kind of the same segment have in common, whatever its revision. */
  String place() {
    return segment.id() + "." + variant.id() + ".a" + audioTrack;
  }

  /** Whether a replay asks for it, and no segment has it. */
  boolean isOrdered() {
    return Ids.namesCut(segment.classifier());
  }

  int segmentRevision() {
    return segment.cutRevision(variant);
  }

  long lengthMicros() {
    return markOutMicros - markInMicros;
  }

  /** What of chunks belongs in it: all, or the pictures and one sound track. */
  List<ChunkInfo> from(List<ChunkInfo> recorded) {
    return audioTrack == ALL_AUDIO_TRACKS
        ? recorded
        : recorded.stream()
            .map(chunk -> chunk.withSound(audioTrack))
            .flatMap(Optional::stream)
            .toList();
  }
}
