package io.sightline.records.plugin;

import io.sightline.records.OptimizedTrack;
import java.util.List;

/**
 * Looks for better marks for segments that are complete, for each of their sound tracks. It keeps
 * nothing from one segment to the next: what it says must follow from what it is told alone (no
 * clock, no chance), so that repeated work, and work on a segment that a person changed, gives the
 * same. Called by one thread at a time.
 */
public interface Optimizer {

  /**
   * How far before mark-in it wants to know what was heard, in microseconds; at least as far as it
   * moves that.
   */
  long beforeMicros();

  /**
   * How far behind mark-out it wants to know what was heard, in microseconds; at least as far as it
   * moves that. A segment is told of once so much has been heard, or nothing more will be.
   */
  long afterMicros();

  /**
   * The marks for each sound track that it knows something of; empty when it heard nothing. Those
   * that lie outside of {@link Surroundings#room} are not taken.
   */
  List<OptimizedTrack> optimize(Surroundings around);
}
