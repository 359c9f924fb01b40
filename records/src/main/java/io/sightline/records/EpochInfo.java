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
    long lostMicros) {}
