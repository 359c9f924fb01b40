package io.sightline.storage;

import java.util.regex.Pattern;

/** Which keys an {@link ObjectStore} takes; hostile ones end here, before any adapter sees them. */
public final class ObjectKeys {

  static final int MAX_CHARACTERS = 900;
  static final int MAX_PART_CHARACTERS = 255;

  private static final Pattern PART =
      Pattern.compile("[A-Za-z0-9._-]{1," + MAX_PART_CHARACTERS + "}");

  private ObjectKeys() {}

  /**
   * Returns the key when it is one.
   *
   * @throws StorageException INVALID otherwise
   */
  public static String require(String key) {
    if (!isKey(key)) {
      throw invalid("object key", key);
    }
    return key;
  }

  /**
   * Returns the prefix when keys can begin with it.
   *
   * @throws StorageException INVALID otherwise
   */
  public static String requirePrefix(String prefix) {
    // Its last part may be the beginning of one: empty, "." and ".." as well.
    int last = prefix == null ? -1 : prefix.lastIndexOf('/') + 1;
    if (last < 0
        || prefix.length() > MAX_CHARACTERS
        || (last > 0 && !partsAreValid(prefix.substring(0, last - 1)))
        || !(last == prefix.length() || PART.matcher(prefix.substring(last)).matches())) {
      throw invalid("beginning of object keys", prefix);
    }
    return prefix;
  }

  /** Whether {@link #require} takes it. */
  public static boolean isKey(String key) {
    return key != null && key.length() <= MAX_CHARACTERS && partsAreValid(key);
  }

  /** Whether a file or folder of this name can be part of a key. */
  static boolean isPart(String name) {
    return PART.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  private static boolean partsAreValid(String key) {
    for (String part : key.split("/", -1)) {
      if (!isPart(part)) {
        return false;
      }
    }
    return true;
  }

  private static StorageException invalid(String what, String key) {
    return new StorageException(
        StorageException.Reason.INVALID,
        "The "
            + what
            + " '"
            + shown(key)
            + "' is not valid: parts of A-Z, a-z, 0-9, '.', '_' and '-', joined by '/', at most "
            + MAX_CHARACTERS
            + " characters");
  }

  /** Text from outside, fit for a log line. */
  public static String shown(String text) {
    if (text == null) {
      return "null";
    }
    String start = text.length() <= 100 ? text : text.substring(0, 100) + "...";
    return start.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
