package io.sightline.records;

import java.time.Duration;
import java.util.Set;

/**
 * A source that stands in for an input while that is away, for the same uses.
 *
 * @param url as that of an {@link InputSpec}; may hold credentials, so it is never printed
 * @param key stream key of an RTMP target; null elsewhere; never printed
 * @param every how often a snapshot is asked for; null for {@link InputSpec#DEFAULT_EVERY}
 * @param offset how much later than it arrives what it shows is laid on the axis, where another
 *     input is recorded; null when that is measured
 */
public record BackupSpec(String url, String key, String every, String offset) {

  public BackupSpec {
    InputSpec.checkSource(url, key, every);
    InputSpec.offsetMicros(offset);
  }

  public static BackupSpec of(String url) {
    return new BackupSpec(url, null, null, null);
  }

  /** Whether an encoder publishes it. */
  public boolean published() {
    return url.equals(InputSpec.RTMP_TARGET);
  }

  /** How often it is asked for a picture, if it is a snapshot. */
  public Duration interval() {
    return asInput(null).interval();
  }

  /** The same as an input of its own. */
  public InputSpec asInput(Set<InputUse> use) {
    return new InputSpec(url, use, key, every);
  }

  /** The URL for people: see {@link InputSpec#safeUrl()}. */
  public String safeUrl() {
    return InputSpec.safe(url);
  }

  /** How much later than it arrives what it shows is laid; null when that is measured. */
  public Long offsetMicros() {
    return InputSpec.offsetMicros(offset);
  }

  @Override
  public String toString() {
    return safeUrl();
  }
}
