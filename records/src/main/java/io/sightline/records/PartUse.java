package io.sightline.records;

/**
 * That a replay may play a {@link ReelPart}. It counts while what the replay decided names the
 * part; what it is about to name says so in {@link HeldPart#atMicros}.
 *
 * @param key of the part
 */
public record PartUse(String key, String replay) {

  public PartUse {
    Ids.requireName("replay", replay);
  }

  /** Its sort key; those of a part lie together. */
  public String sort() {
    return fromSort(key) + replay;
  }

  /** Lower bound of the sort keys of a part's uses. */
  public static String fromSort(String key) {
    return key + "/";
  }

  /** Upper bound of the sort keys of a part's uses. */
  public static String toSort(String key) {
    // The character behind '/'.
    return key + "0";
  }
}
