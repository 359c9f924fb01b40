package io.sightline.media.timeline;

/**
 * A timeline that cannot be made of what there is, or that a format cannot hold. The message is a
 * sentence for whoever asked.
 */
public final class TimelineException extends Exception {

  private static final long serialVersionUID = 1;

  /** Why, so that a caller can choose between refusing and leaving a format out. */
  public enum Reason {
    /** There is nothing to show. */
    EMPTY,
    /** What was asked for contradicts what there is: a rate, a way of counting. */
    UNFIT,
    /** This format cannot hold it; others can. */
    FORMAT
  }

  private final Reason reason;

  public TimelineException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
