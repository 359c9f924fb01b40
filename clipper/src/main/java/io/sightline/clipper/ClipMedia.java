package io.sightline.clipper;

import io.sightline.records.Clip;
import java.util.List;

/**
 * A clip's media as made, every object of it stored.
 *
 * @param startMicros position of its first picture
 * @param endMicros position after its last picture
 * @param durationMicros of play; shorter than end minus start where there are gaps
 * @param gaps stretches between start and end of which nothing was recorded
 * @param note how it differs from what was asked, in words; null when it does not
 * @param indexKey object key of its ClipIndex
 * @param mp4Key object key of its MP4; null when there is none
 * @param thumbnailKey object key of a JPEG; null when there is none
 * @param refersToChunks whether its index names recorded chunks, which have to stay for it
 */
public record ClipMedia(
    long startMicros,
    long endMicros,
    long durationMicros,
    List<Clip.Gap> gaps,
    String note,
    String indexKey,
    String mp4Key,
    String thumbnailKey,
    boolean refersToChunks) {

  public ClipMedia {
    gaps = List.copyOf(gaps);
  }

  /** The same with more to say. */
  public ClipMedia with(String further) {
    return new ClipMedia(
        startMicros,
        endMicros,
        durationMicros,
        gaps,
        note == null ? further : note + "; " + further,
        indexKey,
        mp4Key,
        thumbnailKey,
        refersToChunks);
  }
}
