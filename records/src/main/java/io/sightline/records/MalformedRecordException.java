package io.sightline.records;

/** Bytes from outside that are not the record they were said to be. Trying again cannot help. */
public final class MalformedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
