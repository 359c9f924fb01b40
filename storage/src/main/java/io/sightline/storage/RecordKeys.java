package io.sightline.storage;

import io.sightline.storage.StorageException.Reason;
import java.time.Instant;

/** Which items a {@link RecordStore} takes; hostile ones end here, before any adapter sees them. */
final class RecordKeys {

  static final int MAX_CHARACTERS = 500;

  private RecordKeys() {}

  /**
   * @throws StorageException INVALID unless both can name an item
   */
  static void require(String partition, String sort) {
    requireKey("partition", partition);
    requireKey("sort key", sort);
  }

  /**
   * @throws StorageException INVALID unless its keys can name items
   */
  static void require(Query query) {
    requireKey("partition", query.partition());
    if (query.fromSort() != null) {
      requireKey("sort key", query.fromSort());
    }
    if (query.toSort() != null) {
      requireKey("sort key", query.toSort());
    }
  }

  /**
   * @throws StorageException INVALID unless it is there and small enough
   */
  static void requireValue(String partition, String sort, byte[] value) {
    if (value == null || value.length > RecordStore.MAX_VALUE_BYTES) {
      throw new StorageException(
          Reason.INVALID,
          "The item '"
              + sort
              + "' of '"
              + partition
              + "' must have a value of at most "
              + RecordStore.MAX_VALUE_BYTES
              + " bytes, not "
              + (value == null ? "none" : value.length));
    }
  }

  /**
   * When an item ceases to be, in milliseconds since 1970; null for never.
   *
   * @throws StorageException INVALID when no store can hold it
   */
  static Long expiryMillis(Instant expires) {
    try {
      return expires == null ? null : expires.toEpochMilli();
    } catch (ArithmeticException e) {
      throw new StorageException(Reason.INVALID, "No item can expire at " + expires, e);
    }
  }

  private static void requireKey(String what, String key) {
    boolean valid = key != null && !key.isEmpty() && key.length() <= MAX_CHARACTERS;
    for (int i = 0; valid && i < key.length(); i++) {
      valid = key.charAt(i) > ' ' && key.charAt(i) <= '~';
    }
    if (!valid) {
      throw new StorageException(
          Reason.INVALID,
          "The "
              + what
              + " '"
              + ObjectKeys.shown(key)
              + "' must be 1 to "
              + MAX_CHARACTERS
              + " printable ASCII characters without spaces");
    }
  }
}
