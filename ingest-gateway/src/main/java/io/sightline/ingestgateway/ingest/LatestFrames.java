package io.sightline.ingestgateway.ingest;

import io.sightline.records.FrameInfo;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The newest picture of each stream that this gateway takes. Used on one event loop. */
public final class LatestFrames {

  /** A picture and where it lies on its stream's time axis. */
  public record Latest(long positionMicros, Buffer jpeg) {}

  private static final int MAX_STREAMS = 500;

  private final Map<String, Latest> latest = new HashMap<>();

  public Optional<Latest> of(String stream) {
    return Optional.ofNullable(latest.get(stream));
  }

  void note(FrameInfo frame, Buffer jpeg) {
    if (latest.containsKey(frame.stream()) || latest.size() < MAX_STREAMS) {
      latest.put(frame.stream(), new Latest(frame.positionMicros(), jpeg));
    }
  }
}
