package io.sightline.edgecapture;

/** Why the capture of a stream ended for good. The message is a sentence for people. */
public final class CaptureException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of trouble it was. */
  public enum Reason {
    /** The stream is declared in a way that cannot work. */
    DECLARATION,
    /** The source cannot be read; the cause says more. */
    SOURCE,
    /** Another capture sends the same file. */
    FENCED,
    /** The gateway will not have what was sent. */
    REFUSED,
    /** The stream was taken away, or the agent stopped, before everything was acknowledged. */
    STOPPED
  }

  private final Reason reason;

  CaptureException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  CaptureException(Reason reason, String message) {
    this(reason, message, null);
  }

  public Reason reason() {
    return reason;
  }
}
