package io.sightline.bus.testing;

import io.sightline.bus.BusException;
import io.sightline.bus.BusException.Reason;
import io.sightline.bus.Checkpoints;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Checkpoints that live as long as the test. Safe for use by several readers. */
public final class MemoryCheckpoints implements Checkpoints {

  private static final int MAX_BYTES = 64_000_000;

  private final Map<String, Stored> all = new ConcurrentHashMap<>();

  @Override
  public Optional<Stored> load(String group, int partition) {
    return Optional.ofNullable(all.get(key(group, partition)))
        .map(stored -> new Stored(stored.content().clone(), stored.version()));
  }

  @Override
  public synchronized long save(String group, int partition, byte[] content, long version) {
    if (content.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A checkpoint holds up to " + MAX_BYTES + " bytes, not " + content.length);
    }
    Stored held = all.get(key(group, partition));
    long current = held == null ? ABSENT : held.version();
    if (current != version) {
      throw new BusException(
          Reason.FENCED,
          "The checkpoint of "
              + group
              + " "
              + partition
              + " has version "
              + current
              + ", not "
              + version);
    }
    all.put(key(group, partition), new Stored(content.clone(), version + 1));
    return version + 1;
  }

  private static String key(String group, int partition) {
    return group + "/" + partition;
  }
}
