package io.sightline.edgecapture;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what one stream's outbox holds to a service that takes many items in one call. All state
 * belongs to the context; {@link #wake()} and {@link #close} may be called from any thread.
 *
 * <p>Order: one call is under way at a time, with the oldest items. When only some of them were
 * taken, those from the first failed one on are sent again, in order and before anything newer,
 * also where a later one was taken: go-back-N. What lies at the service then holds, for each epoch,
 * every sequence from 0 on in order if a reader takes only the one that follows the last it took:
 * everything else it has seen, or comes again. What gathers while a call is under way goes with the
 * next, so calls grow as the service slows down. Memory: what one call takes, and one item.
 */
final class BatchSink implements Sink {

  private static final Logger LOG = LoggerFactory.getLogger(BatchSink.class);

  /** An item of the epoch that was taken from its queue and is not acknowledged yet. */
  private record UnderWay(long sequence, byte[] envelope, int size) {}

  private final Vertx vertx;
  private final Context context;
  private final WorkerExecutor calls;
  private final BatchService service;
  private final Outbox outbox;
  private final StreamMeter meter;
  private final String stream;
  private final Timing timing;
  private final Backoff backoff;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Promise<Void> drained = Promise.promise();

  private final ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
  private long underWayBytes;
  private EpochQueue epoch;
  private boolean calling;
  private long retryTimer = -1;
  private String lastTrouble;
  private boolean draining;
  private boolean closed;

  BatchSink(
      Vertx vertx,
      Context context,
      WorkerExecutor calls,
      BatchService service,
      Outbox outbox,
      String stream,
      Timing timing) {
    this.vertx = vertx;
    this.context = context;
    this.calls = calls;
    this.service = service;
    this.outbox = outbox;
    this.meter = outbox.meter();
    this.stream = stream;
    this.timing = timing;
    this.backoff = new Backoff(timing.longestPause());
  }

  @Override
  public void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(
          now -> {
            woken.set(false);
            advance();
          });
    }
  }

  @Override
  public Future<Void> close(Duration patience) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        now -> {
          draining = true;
          advance();
          long timer =
              vertx.setTimer(Math.max(1, patience.toMillis()), late -> drained.tryComplete());
          drained
              .future()
              .onComplete(
                  end -> {
                    vertx.cancelTimer(timer);
                    shut();
                    done.tryComplete();
                  });
        });
    return done.future();
  }

  private void shut() {
    closed = true;
    vertx.cancelTimer(retryTimer);
    outbox.close();
  }

  private void advance() {
    if (closed || calling || retryTimer >= 0) {
      return;
    }
    if (epoch == null || epoch.outcome().isDone()) {
      clear();
      epoch = outbox.head();
      if (epoch == null) {
        if (draining) {
          drained.tryComplete();
        }
        return;
      }
      epoch.take();
    }
    fill();
    List<byte[]> items = call();
    if (!items.isEmpty()) {
      calling = true;
      calls
          .executeBlocking(() -> service.put(stream, items), false)
          .onComplete(
              result -> {
                calling = false;
                if (!closed) {
                  settle(
                      result.succeeded()
                          ? result.result()
                          : new BatchService.Result(0, Sentences.of(result.cause()), false));
                }
              });
    }
  }

  /** Takes from the queue what the next call has room for, and perhaps one item more. */
  private void fill() {
    int most = service.maxCallBytes(stream);
    while (underWay.size() < service.maxCallItems() && underWayBytes < most) {
      EpochQueue.Outgoing item = epoch.next(most, Long.MAX_VALUE);
      if (item == null) {
        return;
      }
      byte[] envelope = item.envelope();
      if (envelope.length > service.maxItemBytes(stream)) {
        refuse(envelope.length);
        return;
      }
      int size = service.sizeInCall(stream, envelope.length);
      underWay.add(new UnderWay(item.sequence(), envelope, size));
      underWayBytes += size;
    }
  }

  /** Frames of that size are never made: it is a marker, without which nothing has a meaning. */
  private void refuse(int size) {
    String reason =
        "A marker has " + size + " bytes, more than " + service.name() + " takes in one record";
    troubled(reason);
    clear();
    epoch.refuse(reason);
    epoch.resume(epoch.acknowledged());
    wake();
  }

  private List<byte[]> call() {
    List<byte[]> items = new ArrayList<>();
    int bytes = 0;
    for (UnderWay item : underWay) {
      bytes += item.size();
      if (!items.isEmpty() && bytes > service.maxCallBytes(stream)) {
        break;
      }
      items.add(item.envelope());
    }
    return items;
  }

  private void settle(BatchService.Result result) {
    for (int n = 0; n < result.taken(); n++) {
      UnderWay taken = underWay.remove();
      underWayBytes -= taken.size();
      epoch.acknowledge(taken.sequence());
    }
    if (result.trouble() == null) {
      backoff.reset();
      reached();
      advance();
      return;
    }
    if (result.taken() > 0) {
      backoff.reset();
    }
    troubled(result.trouble());
    // Not at once: what is busy does not become less so by that.
    backoff.next();
    Duration pause = result.personNeeded() ? timing.refusedPause() : backoff.next();
    retryTimer =
        vertx.setTimer(
            Math.max(1, pause.toMillis()),
            fired -> {
              retryTimer = -1;
              advance();
            });
  }

  private void clear() {
    underWay.clear();
    underWayBytes = 0;
  }

  private void reached() {
    meter.gateway(true, null);
    if (lastTrouble != null) {
      LOG.info("{}: {} takes items again", stream, service.name());
      lastTrouble = null;
    }
  }

  /** Logged once for as long as it is the same trouble. */
  private void troubled(String reason) {
    meter.gateway(false, reason);
    if (!reason.equals(lastTrouble)) {
      LOG.warn("{}: {}", stream, reason);
      lastTrouble = reason;
    }
  }
}
