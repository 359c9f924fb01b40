package io.sightline.ingestgateway.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.StreamItem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What ingest counts. Not tagged by stream, so that the number of time series stays bounded. */
final class IngestMeters {

  private final MeterRegistry registry;
  private final Counter bytes;
  private final AtomicInteger connections = new AtomicInteger();

  IngestMeters(MeterRegistry registry) {
    this.registry = registry;
    this.bytes =
        Counter.builder("sightline.ingest.bytes")
            .baseUnit("bytes")
            .description("Payload taken and durable")
            .register(registry);
    registry.gauge("sightline.ingest.connections", connections);
  }

  void durable(StreamItem item, int payloadBytes, long nanos) {
    bytes.increment(payloadBytes);
    Timer.builder("sightline.ingest.items")
        .description("Items taken, and how long until each was durable")
        .tag("type", type(item))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  void refused(int code) {
    registry.counter("sightline.ingest.refused", "code", Integer.toString(code)).increment();
  }

  void connected() {
    connections.incrementAndGet();
  }

  void disconnected() {
    connections.decrementAndGet();
  }

  private static String type(StreamItem item) {
    if (item instanceof FrameInfo) {
      return "frame";
    }
    if (item instanceof ChunkInfo) {
      return "chunk";
    }
    return item instanceof InitPart ? "init" : "marker";
  }
}
