package io.sightline.ingestgateway.medialive;

import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.ingestgateway.streams.FoundStreams;
import io.sightline.storage.Lease;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Wires a finder: claims its lease for ever, and while it holds it, looks at all channels in turns
 * and follows the queue. Looks and events are worked off one after the other, so that none undoes
 * what a later one has seen. On one event loop; what blocks has a pool of its own.
 */
final class MediaLiveVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(MediaLiveVerticle.class);

  /** One waits for messages, one looks. */
  private static final int THREADS = 2;

  private static final long LONGEST_CALL_MINUTES = 10;

  private final String name;
  private final MediaLiveSettings settings;
  private final AwsAccess access;
  private final RecordStore records;
  private final FinderTimes times;
  private final FinderMeters meters;
  private final FoundStreams found;

  private WorkerExecutor threads;
  private Lease lease;
  private FinderWork work;

  /** 0 when it is not held. */
  private long fence;

  private long claimTimer = -1;
  private long lookTimer = -1;
  private long queueTimer = -1;
  private boolean listening;
  private boolean stopping;
  private Future<?> claim = Future.succeededFuture();
  private Future<?> turn = Future.succeededFuture();
  private String lastTrouble;

  MediaLiveVerticle(
      String name,
      MediaLiveSettings settings,
      AwsAccess access,
      RecordStore records,
      MeterRegistry registry,
      FinderTimes times,
      Clock clock) {
    this.name = name;
    this.settings = settings;
    this.access = access;
    this.records = records;
    this.times = times;
    this.meters = new FinderMeters(registry, name);
    this.found = new FoundStreams(records, name, clock);
  }

  @Override
  public Future<?> start() {
    threads =
        vertx.createSharedWorkerExecutor(name, THREADS, LONGEST_CALL_MINUTES, TimeUnit.MINUTES);
    String holder = ManagementFactory.getRuntimeMXBean().getName();
    lease = new Lease(records, name, holder, times.patience(), System::nanoTime);
    work = new FinderWork(settings, access, found, meters);
    claim();
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    lose();
    vertx.cancelTimer(claimTimer);
    // What waits for messages is not waited for: they come again.
    return Future.join(claim.otherwiseEmpty(), turn.otherwiseEmpty())
        .transform(done -> lease.release())
        .transform(done -> threads.close())
        .onComplete(done -> work.close());
  }

  private void claim() {
    claim =
        lease
            .claim()
            .onSuccess(this::claimed)
            .onFailure(
                failure -> {
                  trouble("Who looks for channels could not be agreed on", failure);
                  lose();
                })
            .onComplete(
                done -> {
                  if (!stopping) {
                    claimTimer = vertx.setTimer(times.claim().toMillis(), id -> claim());
                  }
                });
  }

  private void claimed(OptionalLong held) {
    if (stopping) {
      return;
    }
    if (held.isEmpty()) {
      lose();
      return;
    }
    boolean isNew = fence != held.getAsLong();
    fence = held.getAsLong();
    if (isNew) {
      LOG.info("{}: this gateway looks for running channels in {}", name, settings.region());
      vertx.cancelTimer(lookTimer);
      look();
      listen();
    }
  }

  private void lose() {
    fence = 0;
    vertx.cancelTimer(lookTimer);
    vertx.cancelTimer(queueTimer);
    meters.found(0);
  }

  private void look() {
    long mine = fence;
    inTurn(mine, () -> threads.executeBlocking(work::channels).compose(all -> work.all(mine, all)))
        .onSuccess(done -> meters.looked())
        .onComplete(
            done -> {
              if (fence == mine && !stopping) {
                lookTimer = vertx.setTimer(lookMillis(), id -> look());
              }
            });
  }

  /** So that several finders do not ask in the same second. */
  private long lookMillis() {
    long millis = (times.look() == null ? settings.look() : times.look()).toMillis();
    return (long) (millis * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
  }

  private void listen() {
    if (settings.queue() == null || listening || fence == 0 || stopping) {
      return;
    }
    long mine = fence;
    listening = true;
    threads
        .executeBlocking(work::messages, false)
        .compose(batch -> follow(mine, batch))
        .onComplete(
            done -> {
              listening = false;
              if (done.succeeded()) {
                listen();
                return;
              }
              trouble("The queue of state changes cannot be followed", done.cause());
              if (fence != 0 && !stopping) {
                queueTimer = vertx.setTimer(times.pause().toMillis(), id -> listen());
              }
            });
  }

  private Future<?> follow(long mine, StateChanges.Batch batch) {
    if (batch.messages().isEmpty() || fence != mine || stopping) {
      return Future.succeededFuture();
    }
    return inTurn(
            mine,
            () ->
                threads
                    .executeBlocking(() -> work.channels(batch.channels()))
                    .compose(some -> work.some(mine, batch.channels(), some)))
        .compose(
            done -> {
              meters.events(batch);
              return threads.executeBlocking(() -> work.taken(batch));
            });
  }

  /** A piece of work; answers whether the lease was still held. */
  private interface Piece {
    Future<Boolean> begin();
  }

  private Future<Boolean> inTurn(long mine, Piece piece) {
    Future<Boolean> next =
        turn.transform(
                before ->
                    fence == mine && !stopping ? piece.begin() : Future.succeededFuture(false))
            .onSuccess(done -> well())
            .onFailure(
                failure -> {
                  meters.failed();
                  trouble("Channels cannot be looked at", failure);
                });
    turn = next;
    return next;
  }

  /** Says it once for as long as it is the same. */
  private void trouble(String what, Throwable failure) {
    String sentence = what + ": " + said(failure);
    if (!sentence.equals(lastTrouble) && !stopping) {
      lastTrouble = sentence;
      LOG.warn("{}: {}; streams stay as they are, it is tried again", name, sentence);
    }
  }

  /** Without the id of the request, which differs each time. */
  private static String said(Throwable failure) {
    if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
      AwsErrorDetails details = service.awsErrorDetails();
      return details.errorMessage() + " (" + details.errorCode() + ")";
    }
    return failure.getMessage();
  }

  private void well() {
    if (lastTrouble != null) {
      LOG.info("{}: channels are looked at again", name);
      lastTrouble = null;
    }
  }
}
