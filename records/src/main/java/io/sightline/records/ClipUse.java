package io.sightline.records;

/**
 * That a replay shows a clip, or is about to. It is written before the clip is looked at for the
 * last time: either the replay sees then that the clip is {@link MediaState#GONE}, or whoever
 * deletes clips sees the use. Nobody need take it back: one that is old counts only while the
 * replay's decisions name the clip.
 *
 * @param atMicros when it was written
 */
public record ClipUse(String clip, String replay, long atMicros) {

  public ClipUse {
    Ids.requireId("clip", clip);
    Ids.requireName("replay", replay);
  }

  /** Its sort key; those of a clip lie together. */
  public String sort() {
    return fromSort(clip) + replay;
  }

  /** Lower bound of the sort keys of a clip's uses. */
  public static String fromSort(String clip) {
    return StoreKeys.sortOf(clip) + "/";
  }

  /** Upper bound of the sort keys of a clip's uses. */
  public static String toSort(String clip) {
    // The character behind '/'.
    return StoreKeys.sortOf(clip) + "0";
  }
}
