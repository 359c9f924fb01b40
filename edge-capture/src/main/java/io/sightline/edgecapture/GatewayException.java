package io.sightline.edgecapture;

/**
 * The gateway could not be reached, or answered otherwise than hoped. The message is a sentence.
 */
final class GatewayException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Stands for no answer at all. */
  static final int NO_ANSWER = 0;

  private final int status;

  GatewayException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** HTTP status, or {@link #NO_ANSWER}. */
  int status() {
    return status;
  }

  /** Whether the token is refused: only people can help. */
  boolean unauthorized() {
    return status == 401 || status == 403;
  }
}
