package io.sightline.records;

import java.util.List;
import java.util.Optional;

/**
 * What an optimizer makes of the marks of a segment, for each of its sound tracks. First it is said
 * that it is to come, so that nobody takes the segment for settled; then, in one change of the
 * segment, what it is.
 *
 * @param optimizer as the profile named it when the segment was found: when its marks change, they
 *     are optimized anew in the same way
 * @param originalRevision revision of the segment in which its own marks and its label took their
 *     present form; the clip that was cut for that is still right
 * @param revision revision of the segment with which these were decided; null while they are to
 *     come
 * @param tracks in order of their numbers; empty while they are to come, and where no sound was
 *     heard
 * @param note why there are none, in words; null where nothing is to be said
 */
public record OptimizedMarks(
    PluginSpec optimizer,
    int originalRevision,
    Integer revision,
    List<OptimizedTrack> tracks,
    String note) {

  public OptimizedMarks {
    if (optimizer == null) {
      throw new IllegalArgumentException("Optimized marks name their optimizer");
    }
    tracks = tracks == null ? List.of() : List.copyOf(tracks);
  }

  /**
   * Those of a segment that has just been found or changed.
   *
   * @param originalRevision of the segment as it is from now on
   */
  public static OptimizedMarks toCome(PluginSpec optimizer, int originalRevision) {
    return new OptimizedMarks(optimizer, originalRevision, null, null, null);
  }

  /** Whether the optimizer has not said yet what they are. */
  public boolean toCome() {
    return revision == null;
  }

  /** Those for one sound track; empty when they are to come, or nothing was heard of it. */
  public Optional<OptimizedTrack> of(int audioTrack) {
    return tracks.stream().filter(track -> track.audioTrack() == audioTrack).findFirst();
  }
}
