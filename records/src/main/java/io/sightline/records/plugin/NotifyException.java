package io.sightline.records.plugin;

/** A message that did not arrive. */
public final class NotifyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean worthRetrying;

  /**
   * @param worthRetrying whether the same message may arrive later: no for a refused address, yes
   *     for a host that is away or busy
   */
  public NotifyException(String message, boolean worthRetrying, Throwable cause) {
    super(message, cause);
    this.worthRetrying = worthRetrying;
  }

  public boolean worthRetrying() {
    return worthRetrying;
  }
}
