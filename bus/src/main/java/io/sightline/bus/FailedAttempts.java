package io.sightline.bus;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often records of a partition were tried in vain. Lives as long as the partition is owned, so
 * that pauses grow over repeated returns to the same checkpoint.
 */
final class FailedAttempts {

  private static final int MAX_RECORDS = 1_000;

  private record Place(Topic topic, long offset) {}

  private final Map<Place, Integer> tries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Integer> eldest) {
          return size() > MAX_RECORDS;
        }
      };

  void add(Topic topic, long offset) {
    tries.merge(new Place(topic, offset), 1, Integer::sum);
  }

  int count(Topic topic, long offset) {
    return tries.getOrDefault(new Place(topic, offset), 0);
  }

  /** Of the record that was tried most. */
  int most() {
    return tries.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Records before these offsets are done. */
  void forgetBelow(Map<Topic, Long> offsets) {
    tries.keySet().removeIf(place -> place.offset() < offsets.getOrDefault(place.topic(), 0L));
  }
}
