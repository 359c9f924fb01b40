package io.sightline.storage;

/** What went wrong with storage; the reason says whether to try again. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Reason {
    /** There is no such object or item. */
    NOT_FOUND,
    /** The version is not the one that was read. */
    CONFLICT,
    /** A key, size or range that storage does not take; trying again cannot help. */
    INVALID,
    /** The disk, the database or the network; trying again may help. */
    UNAVAILABLE
  }

  private final Reason reason;

  public StorageException(Reason reason, String message) {
    this(reason, message, null);
  }

  public StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** A failure of storage as it is; any other as UNAVAILABLE. */
  public static StorageException of(String what, Throwable cause) {
    return cause instanceof StorageException known
        ? known
        : new StorageException(Reason.UNAVAILABLE, what + ": " + cause, cause);
  }

  public Reason reason() {
    return reason;
  }
}
