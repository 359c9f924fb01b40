package io.sightline.records;

import java.util.List;

/**
 * A segment as playable media. Its media is described by a {@link ClipIndex} object.
 *
 * @param id names segment, variant, track, segment revision and rendition
 * @param label of the segment when the clip was cut
 * @param segmentRevision revision of the segment it was cut for
 * @param audioTrack 1-based, the only sound that an optimized clip has; 0 for all of it
 * @param markInMicros where the segment starts, or is best cut for that sound
 * @param markOutMicros where the segment ends, or is best cut for that sound
 * @param startMicros position of the clip's first picture; before mark-in when it was copied from
 *     the keyframe before
 * @param endMicros position after the clip's last picture
 * @param durationMicros of play; shorter than end minus start where there are gaps
 * @param accuracy {@code keyframe} or {@code frame}
 * @param note how it differs from what was asked, in words; null when it does not
 * @param gaps stretches between start and end of which nothing was recorded
 * @param indexKey object key of its ClipIndex; null until ready
 * @param mp4Key object key of its MP4; null until ready
 * @param thumbnailKey object key of a JPEG; null until ready or when it has no pictures
 * @param error why it failed; null when it did not
 * @param createdMicros wall clock when it was made; null in clips of before this was noted
 */
public record Clip(
    String id,
    String segment,
    String stream,
    String run,
    String label,
    ClipVariant variant,
    int audioTrack,
    String rendition,
    int segmentRevision,
    MediaState state,
    long markInMicros,
    long markOutMicros,
    long startMicros,
    long endMicros,
    long durationMicros,
    String accuracy,
    String note,
    List<Gap> gaps,
    String indexKey,
    String mp4Key,
    String thumbnailKey,
    String error,
    Long createdMicros,
    int revision) {

  /** A stretch of which nothing was recorded. */
  public record Gap(long startMicros, long endMicros) {}

  public Clip {
    Ids.requireId("clip", id);
    Ids.requireId("segment", segment);
    gaps = gaps == null ? List.of() : List.copyOf(gaps);
  }

  /** Whether it has its segment's own marks, and all sound. */
  public boolean original() {
    return variant == ClipVariant.ORIGINAL;
  }

  /** Whether it has these marks for their sound track. */
  public boolean shows(OptimizedTrack marks) {
    return variant == ClipVariant.OPTIMIZED
        && audioTrack == marks.audioTrack()
        && markInMicros == marks.startMicros()
        && markOutMicros == marks.endMicros();
  }

  /** The same in another state, as of the next revision. */
  public Clip as(MediaState next) {
    return with(next, indexKey, mp4Key, thumbnailKey);
  }

  /** What is left of it when its media is deleted. */
  public Clip withoutMedia() {
    return with(MediaState.GONE, null, null, null);
  }

  private Clip with(MediaState next, String index, String mp4, String thumbnail) {
    return new Clip(
        id,
        segment,
        stream,
        run,
        label,
        variant,
        audioTrack,
        rendition,
        segmentRevision,
        next,
        markInMicros,
        markOutMicros,
        startMicros,
        endMicros,
        durationMicros,
        accuracy,
        note,
        gaps,
        index,
        mp4,
        thumbnail,
        error,
        createdMicros,
        revision + 1);
  }
}
