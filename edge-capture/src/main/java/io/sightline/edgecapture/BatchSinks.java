package io.sightline.edgecapture;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.TimeUnit;

/** A service that takes frames in calls of many, as the place to send to. */
final class BatchSinks implements Sinks {

  /** Calls under way at a time, of all streams; each waits for the network most of its time. */
  private static final int CALLS = 16;

  /** A call that takes longer than this is worth a line in the log. */
  private static final long SLOW_CALL_SECONDS = 60;

  /** The JSON of a frame: names and numbers of bounded length, 600 bytes at most. */
  private static final int FRAME_HEADER_ROOM = 1_024;

  private final Vertx vertx;
  private final Context context;
  private final BatchService service;
  private final Timing timing;
  private final WorkerExecutor calls;

  BatchSinks(Vertx vertx, Context context, BatchService service, Timing timing) {
    this.vertx = vertx;
    this.context = context;
    this.service = service;
    this.timing = timing;
    this.calls =
        vertx.createSharedWorkerExecutor(
            "capture-calls", CALLS, SLOW_CALL_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public SinkLimits limits(String stream) {
    return new SinkLimits(service.name(), false, service.maxItemBytes(stream) - FRAME_HEADER_ROOM);
  }

  @Override
  public Sink open(String stream, Outbox outbox) {
    return new BatchSink(vertx, context, calls, service, outbox, stream, timing);
  }

  /** After the last of its sinks. */
  Future<Void> close() {
    return calls.close().onComplete(closed -> service.close());
  }
}
