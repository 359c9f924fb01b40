package io.sightline.analyzer;

import java.time.Duration;

/**
 * How the analyzer works.
 *
 * @param threads that decode pictures and run analyzers, shared by all streams
 * @param maxInFlight frames and chunks of one partition that are worked on at a time
 * @param maxInFlightBytes the same in bytes
 * @param progressEvery how often the progress of a running stream is stored
 * @param forgetAfter how long what was learned of a stream is kept after its last epoch ended
 */
public record AnalyzerConfig(
    int threads,
    int maxInFlight,
    long maxInFlightBytes,
    Duration progressEvery,
    Duration forgetAfter) {

  public static final AnalyzerConfig DEFAULTS =
      new AnalyzerConfig(
          Runtime.getRuntime().availableProcessors(),
          16,
          32_000_000,
          Duration.ofSeconds(1),
          Duration.ofDays(1));

  public AnalyzerConfig {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("analyzer.threads must be 1 to 1024, not " + threads);
    }
    if (maxInFlight < 1 || maxInFlightBytes < 1) {
      throw new IllegalArgumentException("analyzer.maxInFlight must be at least one");
    }
  }
}
