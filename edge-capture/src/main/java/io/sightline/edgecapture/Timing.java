package io.sightline.edgecapture;

import java.time.Duration;

/**
 * The intervals of the conversation with gateway and sources. They are the same everywhere but in
 * tests.
 *
 * @param longestPause between two tries
 * @param refusedPause between tries while the gateway refuses the token: someone has to act
 * @param pingEvery how often a quiet connection is asked for a sign of life; after three unanswered
 *     it counts as broken
 * @param pollWait how long the gateway may hold a request for assignments
 * @param requestTimeout for all other requests
 * @param reportPause between two looks whether there is something to report
 * @param reportEvery after which everything is reported again
 */
record Timing(
    Duration longestPause,
    Duration refusedPause,
    Duration pingEvery,
    Duration pollWait,
    Duration requestTimeout,
    Duration reportPause,
    Duration reportEvery) {

  static final Timing DEFAULT =
      new Timing(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));
}
