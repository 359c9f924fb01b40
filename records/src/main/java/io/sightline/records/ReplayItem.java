package io.sightline.records;

/**
 * One decision of a replay: this segment is in, here, and why; or it is out, and why.
 *
 * @param order place in the reel, from 0; -1 when it is out
 * @param offsetMicros when it starts in the reel
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
    String reason) {}
