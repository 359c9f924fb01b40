package io.sightline.alerter.delivery;

import io.github.resilience4j.core.IntervalFunction;
import io.sightline.alerter.delivery.Message.Status;
import io.sightline.alerter.delivery.SentLedger.Held;
import io.sightline.alerter.delivery.SentLedger.Pending;
import io.sightline.records.Alert;
import io.sightline.records.Positions;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifyException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one partition.
 *
 * <p>Each attempt begins with a conditional write that claims the message for as long as the
 * attempt can take. So two owners of a partition, the old one still at it and the new one, never
 * try one message at the same time; and after a kill the next owner waits until the attempt that
 * was cut off would have ended. What cannot be avoided is that a message arrives and the kill comes
 * before that is written down; it then arrives again, with the same id.
 *
 * <p>All state belongs to the context.
 */
public final class PartitionDelivery {

  private static final Logger log = LoggerFactory.getLogger(PartitionDelivery.class);

  /** Between the other side's answer and what this writes down about it. */
  private static final Duration CLAIM_MARGIN = Duration.ofSeconds(2);

  private static final Duration STORE_PAUSE = Duration.ofSeconds(1);
  private static final double PAUSE_FACTOR = 2;
  private static final double PAUSE_JITTER = 0.3;

  private final Vertx vertx;
  private final Context context;
  private final int partition;
  private final String owner;
  private final SentLedger ledger;
  private final Map<String, Notifier> channels;
  private final DeliveryConfig config;
  private final Clock clock;
  private final DeliveryCounts counts;
  private final IntervalFunction pauses;

  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final Map<String, Integer> inFlight = new HashMap<>();
  private final Promise<Void> idle = Promise.promise();
  private boolean more;
  private boolean loading;
  private boolean closed;

  /** A message at work: waiting, or being tried. */
  private static final class Entry {
    private Held held;
    private boolean busy;
    private long timer = -1;

    private Entry(Held held) {
      this.held = held;
    }
  }

  PartitionDelivery(
      Vertx vertx,
      Context context,
      int partition,
      String owner,
      SentLedger ledger,
      Map<String, Notifier> channels,
      DeliveryConfig config,
      Clock clock,
      DeliveryCounts counts) {
    this.vertx = vertx;
    this.context = context;
    this.partition = partition;
    this.owner = owner;
    this.ledger = ledger;
    this.channels = channels;
    this.config = config;
    this.clock = clock;
    this.counts = counts;
    this.pauses =
        IntervalFunction.ofExponentialRandomBackoff(
            config.firstPause(), PAUSE_FACTOR, PAUSE_JITTER, config.longestPause());
  }

  int number() {
    return partition;
  }

  void start() {
    context.runOnContext(started -> load());
  }

  /** Takes a message that is written down as pending. */
  void offer(Held held) {
    context.runOnContext(
        offered -> {
          if (entries.size() >= config.inMemory()) {
            more = true;
          } else if (!closed) {
            entries.computeIfAbsent(held.message().id(), id -> new Entry(held));
            proceed();
          }
        });
  }

  /** Begins no more attempts. Completes when those in flight have ended and that is stored. */
  public Future<Void> close() {
    context.runOnContext(
        closing -> {
          closed = true;
          entries.values().forEach(entry -> vertx.cancelTimer(entry.timer));
          entries.values().removeIf(entry -> !entry.busy);
          completeWhenIdle();
        });
    return idle.future();
  }

  /** Whether it has been closed and nothing is in flight. */
  boolean isClosed() {
    return idle.future().isComplete();
  }

  private void load() {
    if (closed || loading) {
      return;
    }
    loading = true;
    more = false;
    ledger
        .pending(partition, config.inMemory())
        .compose(this::loadAll)
        .onComplete(
            done -> {
              loading = false;
              if (done.failed()) {
                log.warn(
                    "Pending messages of partition {} cannot be read now: {}",
                    partition,
                    done.cause().getMessage());
                vertx.setTimer(STORE_PAUSE.toMillis(), again -> load());
              } else {
                proceed();
              }
            });
  }

  private Future<Void> loadAll(List<Pending> listed) {
    more = more || listed.size() >= config.inMemory();
    Future<Void> loaded = Future.succeededFuture();
    for (Pending pending : listed) {
      if (!entries.containsKey(pending.message())) {
        loaded = loaded.compose(before -> load(pending));
      }
    }
    return loaded;
  }

  private Future<Void> load(Pending pending) {
    return ledger
        .find(pending.stream(), pending.message())
        .compose(
            held -> {
              if (held.isPresent() && held.get().message().status() == Status.PENDING) {
                entries.computeIfAbsent(pending.message(), id -> new Entry(held.get()));
                return Future.succeededFuture();
              }
              return ledger.forgetPending(partition, pending.message());
            });
  }

  /** Tries all that may be tried now. */
  private void proceed() {
    if (loading) {
      return;
    }
    for (Entry entry : List.copyOf(entries.values())) {
      if (!closed && !entry.busy && entry.timer < 0 && mayGo(entry.held.message())) {
        attempt(entry);
      }
    }
    completeWhenIdle();
  }

  private boolean mayGo(Message message) {
    boolean raisedFirst =
        message.alert().state() != Alert.State.CLEARED
            || !entries.containsKey(message.id(Alert.State.RAISED));
    return raisedFirst && inFlight.getOrDefault(message.channel(), 0) < config.inFlight();
  }

  private void attempt(Entry entry) {
    Message message = entry.held.message();
    long now = micros();
    boolean claimedByOther =
        message.claimedBy() != null
            && !message.claimedBy().equals(owner)
            && message.claimedUntilMicros() > now;
    long notBefore =
        Math.max(message.notBeforeMicros(), claimedByOther ? message.claimedUntilMicros() : 0);
    if (notBefore > now) {
      // Somebody else may have ended it in the meantime, so it is read again.
      later(entry, notBefore - now, claimedByOther);
      return;
    }
    entry.busy = true;
    inFlight.merge(message.channel(), 1, Integer::sum);
    Notifier notifier = channels.get(message.channel());
    String hopeless = hopeless(message, notifier, now);
    if (hopeless != null) {
      end(entry, Status.FAILED, hopeless);
      return;
    }
    Duration claim = config.attemptTimeout().plus(CLAIM_MARGIN);
    ledger
        .change(entry.held, message.claimed(owner, now + Positions.micros(claim)))
        .onSuccess(
            held -> {
              entry.held = held;
              send(entry, notifier);
            })
        .onFailure(
            e -> {
              release(entry);
              if (SentLedger.lostRace(e)) {
                reread(entry);
              } else {
                later(entry, Positions.micros(STORE_PAUSE), true);
              }
            });
  }

  private String hopeless(Message message, Notifier notifier, long now) {
    if (notifier == null) {
      return "there is no channel '" + message.channel() + "'";
    }
    if (message.attempts() >= config.maxAttempts()) {
      return "given up after " + message.attempts() + " attempts: " + message.error();
    }
    return now - message.createdMicros() > Positions.micros(config.maxAge())
        ? "given up after " + config.maxAge().toHours() + " hours: " + message.error()
        : null;
  }

  private void send(Entry entry, Notifier notifier) {
    Future<Void> sending;
    try {
      sending =
          Future.fromCompletionStage(notifier.send(entry.held.message().alert()), context)
              .timeout(config.attemptTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      sending = Future.failedFuture(e);
    }
    sending
        .onSuccess(taken -> end(entry, Status.SENT, null))
        .onFailure(e -> failed(entry, unwrapped(e)));
  }

  private void failed(Entry entry, Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    if (failure instanceof NotifyException refused && !refused.worthRetrying()) {
      end(entry, Status.FAILED, reason);
      return;
    }
    counts.countRetried();
    Message message = entry.held.message();
    long pause = pauses.apply(message.attempts()) * 1000;
    if (failure instanceof NotifyException busy && busy.notBefore().isPresent()) {
      long asked = Positions.micros(min(busy.notBefore().get(), config.longestPause()));
      pause = Math.max(pause, asked);
    }
    long pauseMicros = pause;
    ledger
        .change(entry.held, message.postponed(micros() + pauseMicros, reason))
        .onComplete(
            changed -> {
              release(entry);
              if (changed.succeeded()) {
                entry.held = changed.result();
              }
              later(entry, pauseMicros, changed.failed());
              proceed();
            });
  }

  private void end(Entry entry, Status result, String reason) {
    Message message = entry.held.message();
    ledger
        .change(entry.held, message.done(result, reason))
        .compose(
            changed -> {
              entry.held = changed;
              return ledger.forgetPending(partition, message.id());
            })
        .onSuccess(
            forgotten -> {
              if (result == Status.SENT) {
                counts.countSent();
              } else {
                counts.countFailed();
                log.warn("{} was not delivered: {}", message.id(), reason);
              }
              release(entry);
              forget(entry);
            })
        .onFailure(
            e -> {
              if (SentLedger.lostRace(e)) {
                release(entry);
                reread(entry);
              } else if (closed) {
                release(entry);
                forget(entry);
              } else {
                // It has been told: that must be written down, and not be told again.
                vertx.setTimer(STORE_PAUSE.toMillis(), again -> end(entry, result, reason));
              }
            });
  }

  private void later(Entry entry, long micros, boolean reread) {
    if (closed) {
      entries.remove(entry.held.message().id());
      completeWhenIdle();
      return;
    }
    entry.timer =
        vertx.setTimer(
            Math.max(1, (micros + 999) / 1000),
            due -> {
              entry.timer = -1;
              if (reread) {
                reread(entry);
              } else {
                proceed();
              }
            });
  }

  private void reread(Entry entry) {
    Message message = entry.held.message();
    entry.busy = true;
    ledger
        .find(message.alert().stream(), message.id())
        .onComplete(
            found -> {
              entry.busy = false;
              if (found.failed()) {
                later(entry, Positions.micros(STORE_PAUSE), true);
              } else if (found.result().isEmpty()
                  || found.result().get().message().status() != Status.PENDING) {
                ledger.forgetPending(partition, message.id());
                forget(entry);
              } else {
                entry.held = found.result().get();
                proceed();
              }
            });
  }

  private void release(Entry entry) {
    entry.busy = false;
    inFlight.merge(entry.held.message().channel(), -1, Integer::sum);
  }

  private void forget(Entry entry) {
    entries.remove(entry.held.message().id());
    if (more && entries.size() <= config.inMemory() / 2) {
      load();
    }
    proceed();
  }

  private void completeWhenIdle() {
    if (closed && entries.values().stream().noneMatch(entry -> entry.busy)) {
      idle.tryComplete();
    }
  }

  private long micros() {
    return Positions.of(clock.instant());
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
