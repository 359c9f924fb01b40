package io.sightline.edgecapture;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what one stream's outbox holds: opens each epoch at the gateway, sends its items in order
 * over one WebSocket, resumes after the last acknowledged one, for ever. All state belongs to the
 * context; {@link #wake()} and {@link #close} may be called from any thread.
 */
final class GatewayConnection implements Sink {

  private static final Logger LOG = LoggerFactory.getLogger(GatewayConnection.class);

  private static final int FENCED = 4409;
  private static final int MALFORMED = 4400;
  private static final int UNKNOWN = 4404;
  private static final int TOO_LARGE = 4413;
  private static final short NORMAL = 1000;
  private static final int UNANSWERED_PINGS = 3;

  /** One end of the file's two captures gives way at the second fence, so one of them stays. */
  private static final int FENCES_OF_A_FILE = 2;

  private final Vertx vertx;
  private final Context context;
  private final GatewayApi api;
  private final Outbox outbox;
  private final StreamMeter meter;
  private final Timing timing;
  private final String stream;
  private final long ownWindowBytes;
  private final Backoff backoff;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Promise<Void> drained = Promise.promise();

  private EpochQueue epoch;
  private GatewayApi.Grant grant;
  private WebSocket socket;
  private boolean opening;
  private long retryTimer = -1;
  private long pingTimer = -1;
  private int unanswered;
  private int fences;
  private String lastTrouble;
  private boolean draining;
  private boolean closed;

  GatewayConnection(
      Vertx vertx,
      Context context,
      GatewayApi api,
      Outbox outbox,
      StreamMeter meter,
      String stream,
      CaptureConfig config,
      Timing timing) {
    this.vertx = vertx;
    this.context = context;
    this.api = api;
    this.outbox = outbox;
    this.meter = meter;
    this.stream = stream;
    this.timing = timing;
    this.ownWindowBytes = config.windowBytes();
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
                    shut().onComplete(shut -> done.tryComplete());
                  });
        });
    return done.future();
  }

  private Future<Void> shut() {
    closed = true;
    vertx.cancelTimer(retryTimer);
    WebSocket open = socket;
    dropSocket();
    outbox.close();
    return open == null ? Future.succeededFuture() : open.close(NORMAL).otherwiseEmpty();
  }

  private void advance() {
    if (closed) {
      return;
    }
    if (!opening && epoch != null && epoch.outcome().isDone()) {
      leave();
    }
    if (socket != null) {
      pump();
    } else if (!opening && retryTimer < 0) {
      EpochQueue head = outbox.head();
      if (head != null) {
        open(head);
      } else if (draining) {
        drained.tryComplete();
      }
    }
  }

  /** The epoch's sending has ended: the next one gets a connection of its own. */
  private void leave() {
    epoch = null;
    fences = 0;
    if (socket != null) {
      WebSocket finished = socket;
      dropSocket();
      finished.close(NORMAL);
    }
  }

  private void open(EpochQueue next) {
    opening = true;
    if (epoch != next) {
      epoch = next;
      fences = 0;
    }
    next.take();
    api.openEpoch(next.start(), next.acknowledged())
        .compose(
            granted -> {
              grant = granted;
              next.resume(granted.acknowledged());
              return next.outcome().isDone() || closed
                  ? Future.succeededFuture(null)
                  : api.connect(next.start(), granted.fence());
            })
        .onComplete(
            result -> {
              opening = false;
              if (closed) {
                if (result.succeeded() && result.result() != null) {
                  result.result().close(NORMAL);
                }
              } else if (result.failed()) {
                notOpened(next, result.cause());
              } else if (result.result() == null) {
                reached();
                advance();
              } else {
                attach(result.result());
              }
            });
  }

  private void notOpened(EpochQueue next, Throwable cause) {
    int status =
        cause instanceof GatewayException refused ? refused.status() : GatewayException.NO_ANSWER;
    switch (status) {
      case 409 -> fenced(next, Sentences.of(cause));
      case 400, 413, 422 -> {
        troubled(Sentences.of(cause));
        next.close(EpochOutcome.Kind.REFUSED, Sentences.of(cause));
        advance();
      }
      case 401, 403 -> {
        troubled(Sentences.of(cause));
        retryAfter(timing.refusedPause());
      }
      default -> {
        troubled(Sentences.of(cause));
        retryAfter(backoff.next());
      }
    }
  }

  private void fenced(EpochQueue fencedEpoch, String reason) {
    troubled(reason);
    fences++;
    if (outbox.policy() == Outbox.Policy.DROP || fences >= FENCES_OF_A_FILE) {
      fencedEpoch.close(EpochOutcome.Kind.FENCED, reason);
      advance();
    } else {
      backoff.next();
      retryAfter(backoff.next());
    }
  }

  private void attach(WebSocket connected) {
    socket = connected;
    reached();
    connected.textMessageHandler(text -> heard(connected, text));
    connected.binaryMessageHandler(bytes -> {});
    connected.pongHandler(pong -> unanswered = 0);
    connected.drainHandler(room -> advance());
    connected.exceptionHandler(failure -> LOG.debug("{}: connection trouble", stream, failure));
    connected.closeHandler(end -> lost(connected));
    unanswered = 0;
    pingTimer = vertx.setPeriodic(timing.pingEvery().toMillis(), each -> ping(connected));
    if (connected.isClosed()) {
      lost(connected);
    } else {
      advance();
    }
  }

  private void pump() {
    long window = Math.min(ownWindowBytes, grant.windowBytes());
    while (socket != null && !socket.isClosed() && !socket.writeQueueFull()) {
      EpochQueue.Outgoing item = epoch.next(window, grant.maxItemBytes());
      if (item == null) {
        break;
      }
      socket.writeBinaryMessage(Buffer.buffer(item.envelope()));
    }
    if (epoch != null && epoch.outcome().isDone()) {
      advance();
    }
  }

  private void heard(WebSocket from, String text) {
    if (from != socket) {
      return;
    }
    unanswered = 0;
    long sequence;
    try {
      JsonNode message = Json.MAPPER.readTree(text);
      sequence = message.path("acknowledged").asLong(-1);
    } catch (IOException e) {
      sequence = -1;
    }
    if (sequence < 0) {
      return;
    }
    if (!epoch.acknowledge(sequence)) {
      breakOff("The gateway acknowledged " + sequence + ", which was not sent");
      return;
    }
    backoff.reset();
    advance();
  }

  private void ping(WebSocket connected) {
    if (connected != socket || connected.isClosed()) {
      return;
    }
    if (unanswered >= UNANSWERED_PINGS) {
      breakOff("The gateway gives no sign of life");
      return;
    }
    unanswered++;
    connected.writePing(Buffer.buffer("alive?"));
  }

  private void breakOff(String reason) {
    WebSocket broken = socket;
    dropSocket();
    broken.close();
    troubled(reason);
    retryAfter(backoff.next());
  }

  private void lost(WebSocket ended) {
    if (ended != socket || closed) {
      return;
    }
    dropSocket();
    Short code = ended.closeStatusCode();
    String reason = Sentences.clean(ended.closeReason());
    String said = reason.isEmpty() ? "" : ": " + reason;
    switch (code == null ? 0 : code) {
      case FENCED -> fenced(epoch, "Another capture has opened the epoch" + said);
      case MALFORMED, TOO_LARGE -> {
        String refusal = "The gateway refused an item (" + code + ")" + said;
        troubled(refusal);
        epoch.refuse(refusal);
        retryAfter(backoff.next());
      }
      case UNKNOWN -> {
        troubled("The gateway does not know the epoch" + said);
        retryAfter(backoff.next());
      }
      default -> {
        troubled(
            "The connection to the gateway was closed"
                + (code == null ? "" : " (" + code + ")")
                + said);
        retryAfter(backoff.next());
      }
    }
  }

  private void retryAfter(Duration pause) {
    if (closed) {
      return;
    }
    retryTimer =
        vertx.setTimer(
            Math.max(1, pause.toMillis()),
            fired -> {
              retryTimer = -1;
              advance();
            });
  }

  private void dropSocket() {
    socket = null;
    vertx.cancelTimer(pingTimer);
  }

  private void reached() {
    meter.gateway(true, null);
    if (lastTrouble != null) {
      LOG.info("{}: the gateway is back", stream);
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
