package io.sightline.ingestgateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts wrong tokens per address for a minute; bounded in addresses. Thread-safe. */
final class FailedLogins {

  static final int ALLOWED = 10;

  private final Cache<String, AtomicInteger> counts =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1)).build();

  boolean tooMany(String address) {
    AtomicInteger count = counts.getIfPresent(address);
    return count != null && count.get() >= ALLOWED;
  }

  void add(String address) {
    counts.get(address, key -> new AtomicInteger()).incrementAndGet();
  }
}
