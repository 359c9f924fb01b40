package io.sightline.ingestgateway.ingest;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/**
 * One agent's connection: messages in, acknowledgements out. It stops reading while too much is
 * under way, so that the agent's own spool takes what storage and Kafka cannot. Used on its event
 * loop.
 */
final class EpochSocket implements EpochIntake.Source {

  private final ServerWebSocket socket;
  private final Context context;
  private final ItemReader reader;

  private EpochIntake intake;
  private long acknowledged = -1;
  private long told = -1;
  private boolean telling;
  private boolean paused;
  private boolean over;

  EpochSocket(ServerWebSocket socket, Context context, ItemReader reader) {
    this.socket = socket;
    this.context = context;
    this.reader = reader;
  }

  /** Begins to read. */
  void start(EpochIntake to, EpochRegistry registry) {
    intake = to;
    socket.binaryMessageHandler(this::take);
    socket.textMessageHandler(text -> refused(Refusal.malformed("Items are binary messages.")));
    socket.exceptionHandler(this::broken);
    socket.closeHandler(
        v -> {
          over = true;
          registry.gone(intake);
        });
  }

  private void take(Buffer message) {
    if (over) {
      return;
    }
    try {
      intake.offer(reader.read(message));
    } catch (Refusal refusal) {
      intake.refuse(refusal);
      return;
    }
    holdBack();
  }

  @Override
  public void acknowledged(long sequence) {
    acknowledged = sequence;
    if (!telling) {
      telling = true;
      context.runOnContext(v -> tell());
    }
    resume();
  }

  @Override
  public void refused(Refusal why) {
    if (!over) {
      over = true;
      tell();
      // A paused socket would never see the other side's close frame.
      socket.resume();
      socket.close((short) why.code(), why.reason());
    }
  }

  /** One message for all that became durable in one turn of the event loop. */
  private void tell() {
    telling = false;
    if (acknowledged >= 0 && !socket.isClosed() && acknowledged >= told) {
      told = acknowledged;
      socket.writeTextMessage("{\"acknowledged\":" + acknowledged + "}");
    }
  }

  private void holdBack() {
    if (!paused && !over && intake.full()) {
      paused = true;
      socket.pause();
      intake.drained().onComplete(v -> context.runOnContext(turn -> resume()));
    }
  }

  private void resume() {
    if (paused && !over && !intake.full()) {
      paused = false;
      socket.resume();
    }
  }

  private void broken(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    boolean tooLarge = message.contains("max message") || message.contains("length");
    intake.refuse(
        tooLarge
            ? Refusal.tooLarge("The message is larger than an item may be.")
            : Refusal.malformed("The connection broke: " + message));
  }
}
