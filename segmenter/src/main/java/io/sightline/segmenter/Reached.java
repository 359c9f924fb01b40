package io.sightline.segmenter;

import java.util.Map;

/**
 * How far a run has come whose segments are optimized.
 *
 * @param positionMicros up to where all has been classified
 * @param settledMicros by classifier: up to where its segments are known
 * @param over whether nothing more comes of the epoch
 */
record Reached(
    String stream, String run, long positionMicros, Map<String, Long> settledMicros, boolean over)
    implements Finding {}
