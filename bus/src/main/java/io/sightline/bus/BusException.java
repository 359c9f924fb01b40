package io.sightline.bus;

/** What went wrong with Kafka; the reason says whether to try again. */
public final class BusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Reason {
    /** No broker answers. */
    UNREACHABLE,
    /** The writer holds as much as it may. */
    FULL,
    /** Kafka refuses the record for good: too large, for example. */
    REFUSED,
    /** Topics that are not as they must be: another number of partitions. */
    MISCONFIGURED,
    /** A newer owner has the partition. */
    FENCED,
    /** The writer or reader is closed. */
    CLOSED
  }

  private final Reason reason;

  public BusException(Reason reason, String message) {
    this(reason, message, null);
  }

  public BusException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
