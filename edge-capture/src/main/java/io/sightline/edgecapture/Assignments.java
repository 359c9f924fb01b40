package io.sightline.edgecapture;

import io.sightline.records.StreamAssignment;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Where an agent learns which streams it captures. Belongs to one context. */
interface Assignments {

  /**
   * Begins to say so, now and whenever it changes.
   *
   * @param told takes the assignments by stream, and the names of those that could not be
   *     understood: whatever runs under these names goes on as it is
   */
  void start(BiConsumer<Map<String, StreamAssignment>, Set<String>> told);

  void stop();

  /** The last trouble with asking, as a sentence; null when it works. Any thread. */
  String trouble();
}
