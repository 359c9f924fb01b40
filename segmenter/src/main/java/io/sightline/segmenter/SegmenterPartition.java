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

  /**
   * What survives a kill.
   *
   * @param awaited null in what was saved before there were optimizers
   */
  record State(List<StreamRun.State> runs, List<Awaited> awaited) {}

  private final SegmenterConfig config;
  private final SegmenterPlugins plugins;
  private final SegmentLedger ledger;
  private final ProgressReport progress;
  private final MarkOptimization optimization;
  private final Steps steps = new Steps();
  private final Map<String, StreamRun> runs = new TreeMap<>();

  SegmenterPartition(
      SegmenterConfig config,
      SegmenterPlugins plugins,
      SegmentLedger ledger,
      MarkSources sources,
      ProgressReport progress,
      byte[] state) {
    this.config = config;
    this.plugins = plugins;
    this.ledger = ledger;
    this.progress = progress;
    List<Awaited> awaited = List.of();
    if (state.length > 0) {
      State saved = Packed.unpack(state, State.class);
      for (StreamRun.State run : saved.runs()) {
        runs.put(key(run.stream(), run.run()), new StreamRun(run, plugins, config));
      }
      awaited = saved.awaited() == null ? awaited : saved.awaited();
    }
    this.optimization = new MarkOptimization(plugins.optimizers(), sources, ledger, awaited);
    runs.values().forEach(run -> run.reached().ifPresent(optimization::resume));
  }

  @Override
  public Future<Void> process(InRecord record) {
    if (record.topic() == Topic.SEGMENT_EDITS) {
      SegmentEdit edit = record.as(SegmentEdit.class);
      checkKey(record, edit.stream());
      return edit(edit);
    }
    StreamItem item = record.item();
    checkKey(record, item.stream());
    check(item);
    return classify(item);
  }

  @Override
  public byte[] state() {
    return Packed.pack(
        new State(runs.values().stream().map(StreamRun::state).toList(), optimization.awaited()));
  }

  @Override
  public void close() {
    runs.clear();
  }

  private Future<Void> edit(SegmentEdit edit) {
    boolean marks = edit.kind() == SegmentEdit.Kind.TRIM;
    boolean goesOn = runs.values().stream().anyMatch(run -> run.optimizes(edit.segment()));
    return steps.then(
        () ->
            marks
                ? ledger.edit(edit).compose(done -> optimization.edited(edit, goesOn))
                : ledger.edit(edit));
  }

  private Future<Void> classify(StreamItem item) {
    String key = key(item.stream(), item.run());
    StreamRun known = runs.get(key);
    StreamRun run =
        known != null ? known : new StreamRun(item.stream(), item.run(), plugins, config);
    long itemsBefore = run.items();
    List<Finding> found = run.offer(item);
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

  private Future<Void> store(List<Finding> found, StageProgress report) {
    Future<Void> stored = Future.succeededFuture();
    for (Finding finding : found) {
      stored = stored.compose(before -> store(finding));
    }
    return report == null ? stored : stored.compose(before -> progress.store(report));
  }

  private Future<Void> store(Finding finding) {
    if (finding instanceof FoundChange change) {
      return ledger.found(change).compose(stored -> optimization.found(change));
    }
    return optimization.reached((Reached) finding);
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
