package io.sightline.ingestgateway;

import io.sightline.ingestgateway.access.AccessToken;
import io.sightline.ingestgateway.access.Signer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the door stands open.
 *
 * @param host address to bind
 * @param port to bind; 0 for any free one
 * @param hosts names that the server is reached by, besides addresses and {@code localhost}
 * @param tokens who may do what; each with a name of its own
 * @param signingKey signs media paths and session cookies; at least 16 bytes, the same for all
 *     gateways of an installation; never printed
 * @param signedFor how long a signed media path is good, at least
 * @param maxItemBytes the largest message of an epoch connection
 * @param maxFrameBytes the largest JPEG; less than Kafka takes in one record
 * @param windowBytes how much of one epoch may be under way without acknowledgement
 * @param dvrWindow how far back a live playlist may reach
 * @param eventQueue how many events may wait for one slow client of live updates
 */
public record GatewayConfig(
    String host,
    int port,
    Set<String> hosts,
    List<AccessToken> tokens,
    byte[] signingKey,
    Duration signedFor,
    int maxItemBytes,
    int maxFrameBytes,
    int windowBytes,
    Duration dvrWindow,
    int eventQueue) {

  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final Duration DEFAULT_SIGNED_FOR = Duration.ofHours(6);
  public static final int DEFAULT_MAX_ITEM_BYTES = 64_000_000;
  public static final int DEFAULT_MAX_FRAME_BYTES = 4_000_000;
  public static final int DEFAULT_WINDOW_BYTES = 32_000_000;
  public static final Duration DEFAULT_DVR_WINDOW = Duration.ofHours(4);
  public static final int DEFAULT_EVENT_QUEUE = 500;

  public GatewayConfig {
    hosts = hosts == null ? Set.of() : Set.copyOf(hosts);
    tokens = List.copyOf(tokens);
    signingKey = signingKey == null ? new byte[0] : signingKey.clone();
    if (host == null || host.isBlank()) {
      throw new IllegalArgumentException("http.host must be an address, such as 127.0.0.1");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("http.port must be 0 to 65535, not " + port);
    }
    if (signingKey.length < Signer.MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "http.signingKey must have at least " + Signer.MIN_KEY_BYTES + " bytes");
    }
    Set<String> names = new HashSet<>();
    for (AccessToken token : tokens) {
      if (!names.add(token.name())) {
        throw new IllegalArgumentException("There are two tokens named '" + token.name() + "'");
      }
    }
    if (maxFrameBytes < 1 || maxFrameBytes > maxItemBytes) {
      throw new IllegalArgumentException("http.maxFrameBytes must be 1 to maxItemBytes");
    }
    if (windowBytes < 1 || eventQueue < 1) {
      throw new IllegalArgumentException("http.windowBytes and http.eventQueue must be positive");
    }
    if (signedFor.compareTo(Duration.ofMinutes(1)) < 0 || dvrWindow.isNegative()) {
      throw new IllegalArgumentException("http.signedFor is at least a minute");
    }
  }

  /** All defaults but what has none. */
  public static GatewayConfig of(int port, List<AccessToken> tokens, byte[] signingKey) {
    return new GatewayConfig(
        DEFAULT_HOST,
        port,
        Set.of(),
        tokens,
        signingKey,
        DEFAULT_SIGNED_FOR,
        DEFAULT_MAX_ITEM_BYTES,
        DEFAULT_MAX_FRAME_BYTES,
        DEFAULT_WINDOW_BYTES,
        DEFAULT_DVR_WINDOW,
        DEFAULT_EVENT_QUEUE);
  }

  @Override
  public byte[] signingKey() {
    return signingKey.clone();
  }

  @Override
  public String toString() {
    return host + ":" + port + " " + tokens;
  }
}
