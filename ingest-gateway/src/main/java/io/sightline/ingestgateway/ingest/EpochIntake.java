package io.sightline.ingestgateway.ingest;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * The items of one epoch on their way from one connection to storage and Kafka.
 *
 * <p>Objects are put concurrently, but a chunk is announced only after the one before it, so each
 * topic keeps the order of the sequence. An item is acknowledged once it and all before it are
 * durable. After the first failure nothing more is written: a later item must never overtake one
 * that will be sent again, for readers drop what lies below the highest sequence they have seen.
 *
 * <p>Used on one event loop.
 */
final class EpochIntake {

  /** What stays the same for all epochs. */
  record Parts(
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      EpochLedger ledger,
      IngestMeters meters,
      LatestFrames latest,
      long windowBytes) {}

  /** Whoever brings the items. */
  interface Source {

    /** All items up to this sequence are durable. */
    void acknowledged(long sequence);

    /** Nothing more is taken. */
    void refused(Refusal why);
  }

  private static final class Pending {
    final IngestItem item;
    final Promise<Void> acknowledged = Promise.promise();
    boolean durable;

    Pending(IngestItem item) {
      this.item = item;
    }
  }

  private final Parts parts;
  private final Supplier<Profile> profile;
  private final Source source;
  private final EpochNotes notes;

  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private Future<Void> announced = Future.succeededFuture();
  private Promise<Void> settled;
  private Refusal refusal;
  private boolean broken;
  private long expected;
  private long acknowledged;
  private long bytesUnderWay;
  private boolean ending;
  private boolean sealing;

  EpochIntake(
      Parts parts,
      EpochLedger.Held held,
      Supplier<Profile> profile,
      Source source,
      java.time.Clock clock) {
    this.parts = parts;
    this.profile = profile;
    this.source = source;
    this.notes = new EpochNotes(parts.records(), parts.ledger(), held, clock);
    this.acknowledged = held.info().acknowledged();
    this.expected = acknowledged + 1;
  }

  EpochInfo info() {
    return notes.info();
  }

  long acknowledged() {
    return acknowledged;
  }

  /** The sequence that must come next. */
  long expected() {
    return expected;
  }

  /** Whether its source should wait. */
  boolean full() {
    return bytesUnderWay > parts.windowBytes() || parts.writer().full();
  }

  /** Completes when Kafka's writer has room again; the window opens with acknowledgements. */
  Future<Void> drained() {
    return parts.writer().drained();
  }

  /**
   * Takes the next item; repeats are dropped.
   *
   * @return completes when it and all before it are durable; fails with {@link Refusal}
   */
  Future<Void> offer(IngestItem read) {
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    StreamItem item = read.item();
    if (item.sequence() < expected) {
      source.acknowledged(acknowledged);
      return Future.succeededFuture();
    }
    Refusal wrong = outOfPlace(item);
    if (wrong != null) {
      refuse(wrong);
      return Future.failedFuture(wrong);
    }
    expected++;
    bytesUnderWay += read.weight();
    Pending one = new Pending(read);
    pending.add(one);
    long start = System.nanoTime();
    store(read)
        .onSuccess(
            v -> {
              one.durable = true;
              parts.meters().durable(item, read.payload().length(), System.nanoTime() - start);
              advance();
            })
        .onFailure(failure -> refuse(Refusal.of(failure)));
    return one.acknowledged.future();
  }

  /**
   * Takes no more. What was taken before something malformed is finished and acknowledged first, so
   * that both sides agree on what the epoch holds; any other reason ends it at once.
   */
  void refuse(Refusal why) {
    if (refusal == null || (!broken && why.atOnce())) {
      refusal = why;
      broken = why.atOnce();
      parts.meters().refused(why.code());
      if (broken) {
        source.refused(why);
        pending.forEach(one -> one.acknowledged.tryFail(why));
      } else {
        tellRefusal();
      }
      settle();
    }
  }

  /** Takes no more because a newer connection has the stream. */
  void fence() {
    refuse(Refusal.fenced());
  }

  /**
   * Its source is gone.
   *
   * @return completes when what it brought is durable, or is known not to be, and noted
   */
  Future<Void> close() {
    if (settled == null) {
      settled = Promise.promise();
      settle();
    }
    return settled.future();
  }

  /** Notes how far it has come if that changed; to be called about once a second. */
  void note() {
    if (!broken) {
      notes.save().onFailure(failure -> refuse(Refusal.of(failure)));
    }
  }

  private Refusal outOfPlace(StreamItem item) {
    if (ending) {
      return Refusal.malformed("The epoch has ended; nothing can follow.");
    }
    if (item.sequence() > expected) {
      return Refusal.malformed(
          "Sequence " + expected + " is missing: found " + item.sequence() + ".");
    }
    boolean begin = item instanceof Marker marker && marker.kind() == Marker.Kind.EPOCH_BEGIN;
    if (begin != (item.sequence() == 0)) {
      return Refusal.malformed("An epoch begins with its begin marker, sequence 0.");
    }
    return null;
  }

  private Future<Void> store(IngestItem read) {
    StreamItem item = read.item();
    if (item instanceof FrameInfo frame) {
      parts.latest().note(frame, read.payload());
      return parts.writer().write(OutRecord.frame(item, read.payload().getBytes()));
    }
    if (item instanceof InitPart init) {
      Future<Void> put = parts.objects().put(init.key(), read.payload(), "video/mp4");
      announced = announced.compose(v -> put);
      return put;
    }
    if (item instanceof ChunkInfo chunk) {
      return announce(
          stored(chunk, read), () -> parts.writer().write(OutRecord.of(Topic.CHUNKS, chunk)));
    }
    return mark(withProfile((Marker) item));
  }

  private Future<Void> stored(ChunkInfo chunk, IngestItem read) {
    String sort = StoreKeys.sort(chunk.positionMicros(), chunk.run());
    return parts
        .objects()
        .put(chunk.key(), read.payload(), "video/mp4")
        .compose(
            v ->
                parts
                    .records()
                    .put(StoreKeys.chunks(chunk.stream()), sort, Json.encode(chunk), null))
        .mapEmpty();
  }

  private Future<Void> mark(Marker marker) {
    ending = marker.kind() == Marker.Kind.EPOCH_END;
    Future<Void> amongFrames =
        parts.writer().write(OutRecord.frame(marker.on(Lane.FRAMES), new byte[0]));
    Future<Void> amongChunks =
        announce(
            Future.succeededFuture(),
            () -> parts.writer().write(OutRecord.of(Topic.CHUNKS, marker.on(Lane.CHUNKS))));
    return Future.all(amongFrames, amongChunks).mapEmpty();
  }

  /** Writes to the chunks topic in turn: once {@code ready}, and after all before it. */
  private Future<Void> announce(Future<Void> ready, Supplier<Future<Void>> write) {
    Promise<Void> written = Promise.promise();
    announced =
        announced
            .compose(v -> ready)
            .compose(
                v -> {
                  if (broken) {
                    return Future.<Void>failedFuture(refusal);
                  }
                  write.get().onComplete(written);
                  return Future.succeededFuture();
                })
            .onFailure(written::tryFail);
    return written.future();
  }

  /** The snapshot is the gateway's own: an agent does not choose what runs on a stream. */
  private Marker withProfile(Marker marker) {
    if (marker.profile() == null) {
      return marker;
    }
    return new Marker(
        marker.kind(),
        marker.stream(),
        marker.epoch(),
        marker.run(),
        marker.sequence(),
        marker.positionMicros(),
        null,
        profile.get(),
        marker.reason(),
        marker.lostMicros(),
        marker.input());
  }

  private void advance() {
    long before = acknowledged;
    while (!pending.isEmpty() && pending.peek().durable && !sealing) {
      Pending head = pending.peek();
      if (head.item.item() instanceof Marker marker
          && marker.kind() == Marker.Kind.EPOCH_END
          && !broken) {
        seal(head, marker);
        break;
      }
      acknowledge(head);
    }
    if (acknowledged > before) {
      source.acknowledged(acknowledged);
    }
    tellRefusal();
    settle();
  }

  /** The end is acknowledged once it is noted, so that nobody sends the epoch again. */
  private void seal(Pending head, Marker end) {
    sealing = true;
    notes
        .end(end)
        .onSuccess(
            v -> {
              sealing = false;
              acknowledge(head);
              source.acknowledged(acknowledged);
              tellRefusal();
              settle();
            })
        .onFailure(
            failure -> {
              sealing = false;
              refuse(Refusal.of(failure));
            });
  }

  private void acknowledge(Pending head) {
    pending.remove();
    bytesUnderWay -= head.item.weight();
    acknowledged = head.item.item().sequence();
    notes.acknowledged(head.item.item());
    head.acknowledged.tryComplete();
  }

  private void tellRefusal() {
    if (refusal != null && !broken && pending.isEmpty()) {
      source.refused(refusal);
    }
  }

  private void settle() {
    if (settled != null && !settled.future().isComplete()) {
      if (refusal != null && refusal.code() == Refusal.FENCED) {
        settled.tryComplete();
      } else if (broken || pending.isEmpty()) {
        notes.save().onComplete(done -> settled.tryComplete());
      }
    }
  }
}
