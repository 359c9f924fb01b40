package io.sightline.segmenter;

import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.records.AudioDetections;
import io.sightline.records.FrameDetections;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Marker;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StageProgress;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The runs of the streams of one partition. */
final class SegmenterPartition implements StagePartition {

  /** What survives a kill. */
  record State(List<StreamRun.State> runs) {}

  private final SegmenterConfig config;
  private final Classifiers classifiers;
  private final SegmentLedger ledger;
  private final ProgressReport progress;
  private final Steps steps = new Steps();
  private final Map<String, StreamRun> runs = new TreeMap<>();

  SegmenterPartition(
      SegmenterConfig config,
      Classifiers classifiers,
      SegmentLedger ledger,
      ProgressReport progress,
      byte[] state) {
    this.config = config;
    this.classifiers = classifiers;
    this.ledger = ledger;
    this.progress = progress;
    if (state.length > 0) {
      for (StreamRun.State run : Packed.unpack(state, State.class).runs()) {
        runs.put(key(run.stream(), run.run()), new StreamRun(run, classifiers, config));
      }
    }
  }

  @Override
  public Future<Void> process(InRecord record) {
    if (record.topic() == Topic.SEGMENT_EDITS) {
      SegmentEdit edit = record.as(SegmentEdit.class);
      checkKey(record, edit.stream());
      return steps.then(() -> ledger.edit(edit));
    }
    StreamItem item = record.item();
    checkKey(record, item.stream());
    check(item);
    return classify(item);
  }

  @Override
  public byte[] state() {
    return Packed.pack(new State(runs.values().stream().map(StreamRun::state).toList()));
  }

  @Override
  public void close() {
    runs.clear();
  }

  private Future<Void> classify(StreamItem item) {
    String key = key(item.stream(), item.run());
    StreamRun known = runs.get(key);
    StreamRun run =
        known != null ? known : new StreamRun(item.stream(), item.run(), classifiers, config);
    long itemsBefore = run.items();
    List<FoundChange> found = run.offer(item);
    if (run.forgettable()) {
      runs.remove(key);
    } else {
      runs.put(key, run);
    }
    StageProgress report =
        run.items() != itemsBefore && progress.due(run) ? progress.of(run) : null;
    if (found.isEmpty() && report == null) {
      return Future.succeededFuture();
    }
    return steps.then(() -> store(found, report));
  }

  private Future<Void> store(List<FoundChange> found, StageProgress report) {
    Future<Void> stored = Future.succeededFuture();
    for (FoundChange change : found) {
      stored = stored.compose(before -> ledger.found(change));
    }
    return report == null ? stored : stored.compose(before -> progress.store(report));
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
    if (!stream.equals(record.key())) {
      throw new MalformedRecordException(
          "A record of the stream '" + stream + "' came under the key '" + record.key() + "'",
          null);
    }
  }

  private static String key(String stream, String run) {
    return stream + "/" + run;
  }
}
