package io.sightline.bus;

/** A failure that may pass: throttling, a network, a full disk. */
public final class TransientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TransientException(String message, Throwable cause) {
    super(message, cause);
  }
}
