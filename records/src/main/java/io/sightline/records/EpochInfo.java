package io.sightline.records;

/**
 * What is known of an epoch.
 *
 * @param agent who captures it
 * @param startMicros position of its first picture
 * @param endMicros position after its last item; null while it runs
 * @param fence the number its newest connection holds; lower ones are refused
 * @param acknowledged the highest sequence stored with this record; the truth may be further on
 * @param ended whether its end marker has been stored
 * @param reason why it ended; null while it runs
 * @param lostMicros how much of its source could not be read
 * @param input which one it is made of, for people, without credentials; null when the stream's
 *     input has no backup
 * @param because why the stream went over to that input; null when it did not
 */
public record EpochInfo(
    String stream,
    String epoch,
    String run,
    String agent,
    long startMicros,
    Long endMicros,
    long fence,
    long acknowledged,
    boolean ended,
    String reason,
    long lostMicros,
    String input,
    String because) {

  /** One of which nothing is said about its input. */
  public EpochInfo(
      String stream,
      String epoch,
      String run,
      String agent,
      long startMicros,
      Long endMicros,
      long fence,
      long acknowledged,
      boolean ended,
      String reason,
      long lostMicros) {
    this(
        stream,
        epoch,
        run,
        agent,
        startMicros,
        endMicros,
        fence,
        acknowledged,
        ended,
        reason,
        lostMicros,
        null,
        null);
  }
}
