package io.sightline.launcher.config;

import io.sightline.edgecapture.BatchService;
import io.sightline.edgecapture.SinkKinds;
import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.records.Ids;
import java.time.Duration;

/**
 * The capture agent of this process.
 *
 * @param agent its name; it takes the streams that name it
 * @param gateway where it learns its streams and sends to; null for the gateway of this
 *     installation
 * @param token its access token; null for the one of this installation
 * @param sink where items go: {@code gateway}, {@code kafka}, or the URL of a service
 * @param chunk about how much media one chunk holds
 * @param rtmp where encoders publish to
 * @param spool what waits on disk while the sink is slow or away
 * @param isolation {@code none}, or {@code process} for workers that may crash alone
 * @param workers how many processes share the streams then
 */
public record CaptureSection(
    String agent,
    String gateway,
    String token,
    String sink,
    Duration chunk,
    RtmpSettings rtmp,
    SpoolSection spool,
    String isolation,
    Integer workers) {

  private static final String NONE = "none";
  private static final String PROCESS = "process";
  private static final int DEFAULT_WORKERS = 2;
  private static final int MAX_WORKERS = 64;
  private static final String GATEWAY = "gateway";
  private static final String KAFKA = "kafka";

  public CaptureSection {
    agent = agent == null ? "local" : Ids.requireName("agent", agent);
    sink = sink == null ? GATEWAY : sink;
    chunk = chunk == null ? Duration.ofSeconds(2) : chunk;
    rtmp = rtmp == null ? RtmpSettings.DEFAULTS : rtmp;
    spool = spool == null ? new SpoolSection(null, null) : spool;
    isolation = isolation == null ? NONE : isolation;
    workers = workers == null ? DEFAULT_WORKERS : workers;
    if (!isolation.equals(NONE) && !isolation.equals(PROCESS)) {
      throw new IllegalArgumentException(
          "expected the isolation 'none' or 'process', found '" + isolation + "'");
    }
    if (workers < 1 || workers > MAX_WORKERS) {
      throw new IllegalArgumentException(
          "expected 1 to " + MAX_WORKERS + " workers, found " + workers);
    }
    if (chunk.toMillis() < 1_000 || chunk.toMillis() > 10_000) {
      throw new IllegalArgumentException("expected a chunk of 1s to 10s, found " + chunk);
    }
    checkSink(sink);
  }

  /** Whether sources are opened in processes of their own. */
  public boolean isolated() {
    return isolation.equals(PROCESS);
  }

  public boolean toGateway() {
    return sink.equals(GATEWAY);
  }

  public boolean toKafka() {
    return sink.equals(KAFKA);
  }

  /** Whether its streams are those of its own file; otherwise the gateway says them. */
  public boolean declaresStreams() {
    return toKafka() || (!toGateway() && gateway == null);
  }

  /** What it sends to that is neither a gateway nor Kafka; connects to nothing yet. */
  public BatchService service() {
    return SinkKinds.service(sink);
  }

  /** The same beside the gateway of this process. */
  CaptureSection atHome() {
    return new CaptureSection(agent, null, null, null, chunk, rtmp, spool, null, null);
  }

  private static void checkSink(String sink) {
    if (sink.equals(GATEWAY) || sink.equals(KAFKA)) {
      return;
    }
    if (!sink.contains(":")) {
      String examples = SinkKinds.examples();
      throw new IllegalArgumentException(
          "expected the sink 'gateway' or 'kafka'"
              + (examples.isEmpty() ? "" : ", or one such as " + examples)
              + ", found '"
              + sink
              + "'");
    }
    SinkKinds.service(sink);
  }

  @Override
  public String toString() {
    return "CaptureSection[agent="
        + agent
        + ", gateway="
        + gateway
        + ", sink="
        + sink
        + ", chunk="
        + chunk
        + "]";
  }
}
