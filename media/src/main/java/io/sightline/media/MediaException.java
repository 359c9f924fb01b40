package io.sightline.media;

import java.util.OptionalLong;

/** Media that cannot be opened, read, decoded or written; the message is a sentence for people. */
public final class MediaException extends Exception {

  private static final long serialVersionUID = 1;

  /** Why, so that a caller can choose between giving up, trying again and carrying on. */
  public enum Reason {
    /** There is no such file, host or path. */
    NOT_FOUND,
    /** The source wants other credentials. */
    UNAUTHORIZED,
    /** The bytes are not what they claim to be. */
    MALFORMED,
    /** Sound media of a kind that is not handled. */
    UNSUPPORTED,
    /** The media breaks off: what was delivered before is good. */
    INCOMPLETE,
    /** Nothing arrived in time; also after an interrupt. */
    TIMEOUT,
    /** The source or a part of this machine did not do its work; trying again may help. */
    UNAVAILABLE
  }

  private final Reason reason;
  private final long missingMicros;

  public MediaException(Reason reason, String message) {
    this(reason, message, null);
  }

  public MediaException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.missingMicros = -1;
  }

  private MediaException(String message, long missingMicros) {
    super(message);
    this.reason = Reason.INCOMPLETE;
    this.missingMicros = missingMicros;
  }

  /**
   * Media that breaks off.
   *
   * @param missingMicros how much of it is missing, or -1 when that cannot be known
   */
  public static MediaException incomplete(String message, long missingMicros) {
    return new MediaException(message, missingMicros);
  }

  public Reason reason() {
    return reason;
  }

  /** With {@link Reason#INCOMPLETE}: how much is missing, in microseconds, when it is known. */
  public OptionalLong missingMicros() {
    return missingMicros < 0 ? OptionalLong.empty() : OptionalLong.of(missingMicros);
  }
}
