package io.sightline.records;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * One decision of a replay: this segment is in, here, and why; or it is out, and why.
 *
 * @param order place in the reel, from 0; -1 when it is out
 * @param offsetMicros when it starts in the reel
 * @param variant whether the clip has the segment's own marks, or those found for the sound track
 *     that is asked for; null when it is out, and in items of before there was a choice
 * @param audioTrack the only sound track that plays, 1-based; null for all
 * @param parts what is joined with it; null when it is out, in replays whose items are not joined
 *     by anything, and in items of before this was noted
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
    Integer audioTrack,
    Parts parts) {

  private static final int VERSION_DIGITS = 6;

  /**
   * Object keys of {@link ReelPart}s.
   *
   * @param own what plays in place of its clip; null when that plays as it is
   * @param plain true when that looks as its clip does; null otherwise
   * @param before what plays before it; null for nothing
   * @param after what plays after it when nothing else does; null for nothing
   */
  public record Parts(String own, Boolean plain, String before, String after) {

    /** All that there are. */
    public Stream<String> keys() {
      return Stream.of(own, before, after).filter(Objects::nonNull);
    }

    /**
     * @param plain whether its own looks as its clip does
     */
    public static Parts of(String own, boolean plain, String before, String after) {
      return new Parts(own, own != null && plain ? true : null, before, after);
    }
  }

  /** One with which nothing is joined. */
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
      String reason,
      ClipVariant variant,
      Integer audioTrack) {
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
        variant,
        audioTrack,
        null);
  }

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
