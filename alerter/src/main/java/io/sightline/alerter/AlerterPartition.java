package io.sightline.alerter;

import io.sightline.alerter.delivery.Delivery;
import io.sightline.alerter.delivery.PartitionDelivery;
import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.records.Alert;
import io.sightline.records.AudioDetections;
import io.sightline.records.Clip;
import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.MediaState;
import io.sightline.records.StageProgress;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The visits on the streams of one partition. */
final class AlerterPartition implements StagePartition {

  /** What survives a kill. */
  record State(List<RunWatch.State> runs) {}

  private final Function<String, List<WatchRule>> rules;
  private final AlertLedger ledger;
  private final Delivery delivery;
  private final PartitionDelivery deliveries;
  private final ProgressReport progress;
  private final AlertCounts counts;
  private final Steps steps = new Steps();
  private final Map<String, RunWatch> runs = new TreeMap<>();

  AlerterPartition(
      Function<String, List<WatchRule>> rules,
      AlertLedger ledger,
      Delivery delivery,
      PartitionDelivery deliveries,
      ProgressReport progress,
      AlertCounts counts,
      byte[] state) {
    this.rules = rules;
    this.ledger = ledger;
    this.delivery = delivery;
    this.deliveries = deliveries;
    this.progress = progress;
    this.counts = counts;
    if (state.length > 0) {
      for (RunWatch.State run : Json.decode(state, State.class).runs()) {
        runs.put(key(run.stream(), run.run()), new RunWatch(run));
      }
    }
  }

  @Override
  public Future<Void> process(InRecord record) {
    if (record.topic() == Topic.CLIPS) {
      Clip clip = record.as(Clip.class);
      checkKey(record, clip.stream());
      return clip.state() == MediaState.READY
          ? steps.then(() -> ledger.attach(clip))
          : Future.succeededFuture();
    }
    StreamItem item = record.item();
    checkKey(record, item.stream());
    check(item);
    return watch(item);
  }

  @Override
  public byte[] state() {
    return Json.encode(new State(runs.values().stream().map(RunWatch::state).toList()));
  }

  @Override
  public void close() {
    runs.clear();
    deliveries.close();
  }

  private Future<Void> watch(StreamItem item) {
    String key = key(item.stream(), item.run());
    RunWatch known = runs.get(key);
    RunWatch run = known != null ? known : new RunWatch(item.stream(), item.run());
    Optional<List<VisitChange>> changes = run.offer(item, rules.apply(item.stream()));
    if (changes.isEmpty()) {
      return Future.succeededFuture();
    }
    if (run.forgettable()) {
      runs.remove(key);
    } else {
      runs.put(key, run);
    }
    StageProgress report = progress.due(run) ? progress.of(run) : null;
    if (changes.get().isEmpty() && report == null) {
      return Future.succeededFuture();
    }
    return steps.then(() -> store(changes.get(), report));
  }

  private Future<Void> store(List<VisitChange> changes, StageProgress report) {
    Future<Void> stored = Future.succeededFuture();
    for (VisitChange change : changes) {
      stored = stored.compose(before -> store(change));
    }
    return report == null ? stored : stored.compose(before -> progress.store(report));
  }

  private Future<Void> store(VisitChange change) {
    Visit visit = change.visit();
    return (change.over() ? ledger.clear(visit) : ledger.raise(visit))
        .compose(
            alert -> {
              counts.count(change);
              Future<Void> told = Future.succeededFuture();
              if (alert.isPresent()) {
                for (String channel : visit.channels()) {
                  told = told.compose(before -> tell(alert.get(), change, channel));
                }
              }
              return told;
            });
  }

  private Future<Void> tell(Alert alert, VisitChange change, String channel) {
    // A visit that begins again by a replay is told as begun, whatever has become of it since.
    boolean asStored = change.over() || alert.state() == Alert.State.RAISED;
    Alert as = asStored ? alert : change.visit().raised(alert.raisedMicros());
    return delivery.tell(deliveries, as, channel);
  }

  private static void check(StreamItem item) {
    boolean expected =
        item instanceof FrameDetections
            || item instanceof AudioDetections
            || item instanceof Marker;
    if (!expected || item.lane() == null) {
      throw new MalformedRecordException(
          "Detections and markers with a lane are expected here, not "
              + item.getClass().getSimpleName()
              + " "
              + item.sequence()
              + " of "
              + item.stream(),
          null);
    }
  }

  private static void checkKey(InRecord record, String stream) {
    if (stream == null || !stream.equals(record.key())) {
      throw new MalformedRecordException(
          "A record of the stream '" + stream + "' came under the key '" + record.key() + "'",
          null);
    }
  }

  private static String key(String stream, String run) {
    return stream + "/" + run;
  }
}
