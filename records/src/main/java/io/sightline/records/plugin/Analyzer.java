package io.sightline.records.plugin;

import io.sightline.records.Detection;
import io.sightline.records.Marker;
import java.util.List;

/**
 * Analyses one run of one stream. Implement {@link #look}, {@link #listen} or both; what is not
 * implemented is not called.
 */
public interface Analyzer extends AutoCloseable {

  /**
   * Whether each frame depends on those before. If so, frames come one after another in order; if
   * not, several at once and in any order, on several threads.
   */
  boolean inOrder();

  /** Whether {@link #look} is implemented. */
  default boolean looks() {
    return true;
  }

  /** Whether {@link #listen} is implemented. Chunks always come in order, one at a time. */
  default boolean listens() {
    return false;
  }

  /** What is in the picture; empty when nothing is. Blocking. */
  default List<Detection> look(Picture picture) throws AnalysisException {
    return List.of();
  }

  /** What is in the sound of one track of a chunk. Blocking. */
  default List<Detection> listen(Sound sound) throws AnalysisException {
    return List.of();
  }

  /** A turning point, in order with the frames of an analyzer that is {@link #inOrder()}. */
  default void marker(Marker marker) {}

  /**
   * What must survive a kill: restored into a fresh analyzer, it goes on as if nothing happened.
   */
  default byte[] state() {
    return new byte[0];
  }

  /** Takes what {@link #state()} gave, before the first frame. */
  default void restore(byte[] state) {}

  @Override
  default void close() {}
}
