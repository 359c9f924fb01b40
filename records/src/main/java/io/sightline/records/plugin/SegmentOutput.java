package io.sightline.records.plugin;

import io.sightline.records.Evidence;
import java.util.Map;

/**
 * Where a classifier says what it found. A segment is named by its mark-in, which never changes
 * once said.
 */
public interface SegmentOutput {

  /** A segment begins; its end is not known yet. */
  void open(long startMicros, String label, Map<String, Object> features, Evidence why);

  /** The segment that began at {@code startMicros} is complete; said without {@code open}, too. */
  void close(
      long startMicros, long endMicros, String label, Map<String, Object> features, Evidence why);

  /** What was opened at {@code startMicros} is no segment after all: too short, for example. */
  void discard(long startMicros, String reason);
}
