package io.sightline.edgecapture;

import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.records.Ids;
import io.sightline.records.Profile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How one agent captures.
 *
 * @param gateway base URI of the gateway, {@code http} or {@code https}; null when there is none
 * @param token the agent's bearer token; never printed; null without a gateway
 * @param agent by which name the gateway assigns streams; part of the ids of live epochs
 * @param workingDirectory against which relative file paths are resolved
 * @param bufferBytes how much one stream may hold in memory while the gateway is slow or away; the
 *     reading of a file waits beyond it, a live source goes on on disk, or loses its oldest frames,
 *     then its oldest chunks
 * @param windowBytes how much may be under way without being acknowledged; the gateway may ask for
 *     less
 * @param openTimeout within which a source must say what it holds
 * @param readTimeout silence after which a source counts as gone; more than the ten seconds after
 *     which it is reported as stalled
 * @param drainTimeout how long a stop waits for what is buffered to be acknowledged
 * @param chunkTarget length of a chunk, 1 to 10 seconds
 * @param needsPictures whether a profile has analyzers that look: then a source without pictures is
 *     an error
 * @param rtmp where encoders publish to, if a stream has them
 * @param spool where live streams wait on disk; null when they wait in memory alone
 */
public record CaptureConfig(
    URI gateway,
    String token,
    String agent,
    Path workingDirectory,
    long bufferBytes,
    long windowBytes,
    Duration openTimeout,
    Duration readTimeout,
    Duration drainTimeout,
    Duration chunkTarget,
    Predicate<Profile> needsPictures,
    RtmpSettings rtmp,
    SpoolSettings spool) {

  public static final long DEFAULT_BUFFER_BYTES = 64_000_000;
  public static final long DEFAULT_WINDOW_BYTES = 8_000_000;
  public static final Duration DEFAULT_OPEN_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(15);
  public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(3);
  public static final Duration DEFAULT_CHUNK_TARGET = Duration.ofSeconds(2);

  public CaptureConfig {
    if (gateway != null) {
      requireAddress(gateway);
      if (token == null || token.isBlank()) {
        throw new IllegalArgumentException("Capture needs a token for the gateway");
      }
    }
    Ids.requireName("agent", agent);
    workingDirectory = workingDirectory.toAbsolutePath().normalize();
    if (windowBytes < 1 || bufferBytes < windowBytes) {
      throw new IllegalArgumentException(
          "Capture buffers at least as much as may be under way: buffer "
              + bufferBytes
              + ", window "
              + windowBytes
              + " bytes");
    }
    requirePositive("openTimeout", openTimeout);
    requirePositive("readTimeout", readTimeout);
    if (chunkTarget.toMillis() < 1_000 || chunkTarget.toMillis() > 10_000) {
      throw new IllegalArgumentException(
          "A chunk lasts 1 to 10 seconds, not " + chunkTarget.toMillis() + " ms");
    }
    if (drainTimeout.isNegative() || needsPictures == null || rtmp == null) {
      throw new IllegalArgumentException(
          "Capture needs a drain timeout that is not negative, a rule for needsPictures, and where"
              + " encoders publish to");
    }
  }

  /** The defaults; relative paths are resolved against the process's directory. */
  public static CaptureConfig of(URI gateway, String token, String agent) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        Path.of(""),
        DEFAULT_BUFFER_BYTES,
        DEFAULT_WINDOW_BYTES,
        DEFAULT_OPEN_TIMEOUT,
        DEFAULT_READ_TIMEOUT,
        DEFAULT_DRAIN_TIMEOUT,
        DEFAULT_CHUNK_TARGET,
        profile -> false,
        RtmpSettings.DEFAULTS,
        null);
  }

  public CaptureConfig in(Path directory) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        directory,
        bufferBytes,
        windowBytes,
        openTimeout,
        readTimeout,
        drainTimeout,
        chunkTarget,
        needsPictures,
        rtmp,
        spool);
  }

  public CaptureConfig withNeedsPictures(Predicate<Profile> rule) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        workingDirectory,
        bufferBytes,
        windowBytes,
        openTimeout,
        readTimeout,
        drainTimeout,
        chunkTarget,
        rule,
        rtmp,
        spool);
  }

  public CaptureConfig withBuffer(long bytes, long window) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        workingDirectory,
        bytes,
        window,
        openTimeout,
        readTimeout,
        drainTimeout,
        chunkTarget,
        needsPictures,
        rtmp,
        spool);
  }

  public CaptureConfig withRtmp(RtmpSettings target) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        workingDirectory,
        bufferBytes,
        windowBytes,
        openTimeout,
        readTimeout,
        drainTimeout,
        chunkTarget,
        needsPictures,
        target,
        spool);
  }

  public CaptureConfig withSpool(SpoolSettings settings) {
    return new CaptureConfig(
        gateway,
        token,
        agent,
        workingDirectory,
        bufferBytes,
        windowBytes,
        openTimeout,
        readTimeout,
        drainTimeout,
        chunkTarget,
        needsPictures,
        rtmp,
        settings);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "CaptureConfig[gateway=" + gateway + ", agent=" + agent + "]";
  }

  private static void requireAddress(URI gateway) {
    String scheme = gateway.getScheme();
    if (!("http".equals(scheme) || "https".equals(scheme)) || gateway.getHost() == null) {
      throw new IllegalArgumentException(
          "The gateway must be an address such as http://127.0.0.1:8080, not '" + gateway + "'");
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(key + " must be longer than nothing, not " + value);
    }
  }
}
