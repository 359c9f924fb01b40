package io.sightline.alerter;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The alerts that there are: the store first, then the topic. Each change is one that cannot be
 * made twice, so work done again after a kill changes nothing; it is published again, since nobody
 * knows whether it was.
 */
final class AlertLedger {

  private static final int MAX_LOST_RACES = 20;
  private static final int CLIPS_LOOKED_AT = 50;
  private static final int ALERTS_OF_A_CLIP = 200;

  /** How long before an alert a segment that shows it may have begun. */
  private static final long LONGEST_CLIP_MICROS = Positions.micros(Duration.ofDays(1));

  private final RecordStore store;
  private final Records<Alert> alerts;
  private final Records<Clip> clips;
  private final Writer writer;
  private final Clock clock;

  AlertLedger(RecordStore store, Writer writer, Clock clock) {
    this.store = store;
    this.alerts = Records.of(store, Alert.class);
    this.clips = Records.of(store, Clip.class);
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * A visit has begun.
   *
   * @return its alert as stored; empty when another run of the stream has raised it before
   */
  Future<Optional<Alert>> raise(Visit visit) {
    return clipShowing(visit)
        .compose(
            clip ->
                update(
                    visit.stream(),
                    visit.alert(),
                    held -> held != null ? held : raised(visit, clip)))
        .compose(alert -> published(alert, visit));
  }

  /**
   * A visit is over.
   *
   * @return its alert as stored; empty when another run of the stream has raised it
   */
  Future<Optional<Alert>> clear(Visit visit) {
    return update(
            visit.stream(),
            visit.alert(),
            held -> {
              if (held == null) {
                return visit.cleared(visit.raised(Positions.of(clock.instant())));
              }
              return held.run().equals(visit.run()) ? visit.cleared(held) : held;
            })
        .compose(alert -> published(alert, visit));
  }

  /** A clip has changed: completes when the alerts that it shows name it. */
  Future<Void> attach(Clip clip) {
    long from = Math.max(0, Math.min(clip.startMicros(), clip.markInMicros()));
    long to = Math.max(clip.endMicros(), clip.markOutMicros());
    Query query =
        new Query(
            StoreKeys.alerts(clip.stream()),
            Ids.fixedWidth(from),
            Ids.fixedWidth(Math.max(from, to)),
            ALERTS_OF_A_CLIP,
            false);
    return alerts
        .query(query)
        .compose(
            page -> {
              Future<Void> attached = Future.succeededFuture();
              for (Alert alert : page.items()) {
                if (ClipChoice.shows(clip, alert)) {
                  attached = attached.compose(before -> attach(clip, alert));
                }
              }
              return attached;
            });
  }

  private Future<Void> attach(Clip clip, Alert alert) {
    return update(
            alert.stream(), alert.id(), held -> held == null ? alert : ClipChoice.with(held, clip))
        .compose(this::publish);
  }

  private Alert raised(Visit visit, Optional<Clip> clip) {
    Alert alert = visit.raised(Positions.of(clock.instant()));
    return clip.map(shown -> ClipChoice.with(alert, shown)).orElse(alert);
  }

  /** Clips may be there before their alert, when detections are read later than clips. */
  private Future<Optional<Clip>> clipShowing(Visit visit) {
    long position = visit.positionMicros();
    Alert alert = visit.raised(0);
    Query query =
        new Query(
            StoreKeys.clips(visit.stream()),
            Ids.fixedWidth(Math.max(0, position - LONGEST_CLIP_MICROS)),
            Ids.fixedWidth(position + Positions.MICROS_PER_SECOND),
            CLIPS_LOOKED_AT,
            true);
    return clips
        .query(query)
        .map(
            page ->
                page.items().stream().filter(clip -> ClipChoice.shows(clip, alert)).findFirst());
  }

  private Future<Optional<Alert>> published(Alert alert, Visit visit) {
    return alert.run().equals(visit.run())
        ? publish(alert).map(Optional.of(alert))
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Void> publish(Alert alert) {
    return alerts
        .putNewer(
            StoreKeys.alertsOfDay(Positions.day(alert.positionMicros())),
            StoreKeys.sortOf(alert.id()),
            alert,
            Alert::revision,
            null)
        .compose(written -> writer.write(OutRecord.of(Topic.ALERTS, alert.stream(), alert)));
  }

  private Future<Alert> update(String stream, String id, UnaryOperator<Alert> change) {
    return update(StoreKeys.alerts(stream), StoreKeys.sortOf(id), change, MAX_LOST_RACES);
  }

  private Future<Alert> update(
      String partition, String sort, UnaryOperator<Alert> change, int races) {
    return held(partition, sort)
        .compose(
            held -> {
              Alert former = held == null ? null : Json.decode(held.value(), Alert.class);
              Alert next = change.apply(former);
              if (next == former) {
                return Future.succeededFuture(former);
              }
              long version = held == null ? RecordStore.ABSENT : held.version();
              return store
                  .putIf(partition, sort, Json.encode(next), null, version)
                  .map(next)
                  .recover(
                      e ->
                          has(e, Reason.CONFLICT) && races > 0
                              ? update(partition, sort, change, races - 1)
                              : Future.failedFuture(e));
            });
  }

  /** The item, or null when there is none. */
  private Future<StoredRecord> held(String partition, String sort) {
    return store
        .get(partition, sort)
        .recover(
            e -> has(e, Reason.NOT_FOUND) ? Future.succeededFuture(null) : Future.failedFuture(e));
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
