package io.sightline.records;

/**
 * One decision of a replay: this segment is in, here, and why; or it is out, and why.
 *
 * @param order place in the reel, from 0; -1 when it is out
 * @param offsetMicros when it starts in the reel
 * @param variant whether the clip has the segment's own marks, or those found for the sound track
 *     that is asked for; null when it is out, and in items of before there was a choice
 * @param audioTrack the only sound track that plays, 1-based; null for all
 */
public record ReplayItem(
    String replay,
    int version,
    String stream,
    String segment,
    String clip,
    String label,
    int order,
    long startMicros,
    long durationMicros,
    long offsetMicros,
    boolean included,
    String reason,
    ClipVariant variant,
    Integer audioTrack) {

  private static final int VERSION_DIGITS = 6;

  /** One with all sound of an original clip. */
  public ReplayItem(
      String replay,
      int version,
      String stream,
      String segment,
      String clip,
      String label,
      int order,
      long startMicros,
      long durationMicros,
      long offsetMicros,
      boolean included,
      String reason) {
    this(
        replay,
        version,
        stream,
        segment,
        clip,
        label,
        order,
        startMicros,
        durationMicros,
        offsetMicros,
        included,
        reason,
        null,
        null);
  }

  /** Lower bound of the sort keys of a version's decisions. */
  public static String fromSort(int version) {
    return Ids.padded(version, VERSION_DIGITS) + ".";
  }

  /** Upper bound of the sort keys of a version's decisions. */
  public static String toSort(int version) {
    // The character behind '.'.
    return Ids.padded(version, VERSION_DIGITS) + "/";
  }

  /** Its sort key. */
  public String sort() {
    return fromSort(version) + StoreKeys.sortOf(segment);
  }
}
