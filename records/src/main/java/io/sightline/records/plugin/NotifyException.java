package io.sightline.records.plugin;

import java.time.Duration;
import java.util.Optional;

/** A message that did not arrive. */
public final class NotifyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean worthRetrying;
  private final Duration notBefore;

  /**
   * @param worthRetrying whether the same message may arrive later: no for a refused address, yes
   *     for a host that is away or busy
   */
  public NotifyException(String message, boolean worthRetrying, Throwable cause) {
    super(message, cause);
    this.worthRetrying = worthRetrying;
    this.notBefore = null;
  }

  /** A failure that may pass, where the other side said how long to leave it alone. */
  public NotifyException(String message, Duration notBefore, Throwable cause) {
    super(message, cause);
    this.worthRetrying = true;
    this.notBefore = notBefore;
  }

  public boolean worthRetrying() {
    return worthRetrying;
  }

  /** How long the other side asked to be left alone; empty when it did not say. */
  public Optional<Duration> notBefore() {
    return Optional.ofNullable(notBefore);
  }
}
