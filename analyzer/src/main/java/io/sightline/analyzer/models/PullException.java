package io.sightline.analyzer.models;

/** A model that could not be fetched; nothing was left in the folder. */
public final class PullException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Reason {
    /** The host does not answer: no network, or one that does not let us out. */
    UNREACHABLE,
    /** The host answers, but not with the file. */
    REFUSED,
    /** What came is not the file: another size or checksum. */
    MISMATCH,
    /** The folder cannot be written. */
    UNWRITABLE
  }

  private final Reason reason;

  public PullException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
