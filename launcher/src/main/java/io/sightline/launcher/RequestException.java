package io.sightline.launcher;

/** A request that cannot be carried out as it is; the message is one sentence for the person. */
public final class RequestException extends Exception {
  private static final long serialVersionUID = 1L;

  public RequestException(String message) {
    super(message);
  }

  public RequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
