package io.sightline.ingestgateway.recordings;

import io.sightline.records.Keep;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Rules as a test changes them. */
final class Rules implements KeepRule {

  final Map<String, Keep> rules = new ConcurrentHashMap<>();

  @Override
  public Optional<Keep> of(String stream) {
    return Optional.ofNullable(rules.get(stream));
  }

  @Override
  public Keep otherwise() {
    return Keep.DEFAULT;
  }
}
