package io.sightline.media.source;

import java.time.Duration;

/**
 * How a source is opened and read.
 *
 * @param openTimeout until its tracks must be known
 * @param readTimeout the longest silence between two packets
 * @param probeBytes how much is read at most to find out what the source holds
 * @param probeTime how much media is looked at, at most, to find out what the source holds
 * @param rtspOverUdp RTP over UDP instead of inside the RTSP connection
 */
public record SourceOptions(
    Duration openTimeout,
    Duration readTimeout,
    long probeBytes,
    Duration probeTime,
    boolean rtspOverUdp) {

  public static final SourceOptions DEFAULTS =
      new SourceOptions(
          Duration.ofSeconds(15), Duration.ofSeconds(10), 5_000_000, Duration.ofSeconds(5), false);

  private static final long MIN_PROBE_BYTES = 32;

  public SourceOptions {
    if (!positive(openTimeout) || !positive(readTimeout) || !positive(probeTime)) {
      throw new IllegalArgumentException("Timeouts of a source must be longer than nothing");
    }
    if (probeBytes < MIN_PROBE_BYTES) {
      throw new IllegalArgumentException(
          "Fewer than " + MIN_PROBE_BYTES + " bytes tell nothing about a source");
    }
  }

  public SourceOptions withTimeouts(Duration open, Duration read) {
    return new SourceOptions(open, read, probeBytes, probeTime, rtspOverUdp);
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
