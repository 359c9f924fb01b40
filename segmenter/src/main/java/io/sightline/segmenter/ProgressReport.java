package io.sightline.segmenter;

import io.sightline.records.Positions;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Says how far the runs of a partition have come: now and then, and always at an epoch's end. */
final class ProgressReport {

  static final String STAGE = "segmenter";

  private final Records<StageProgress> progress;
  private final Clock clock;
  private final Duration every;
  private final Map<String, Instant> reported = new HashMap<>();

  ProgressReport(RecordStore store, Clock clock, Duration every) {
    this.progress = Records.of(store, StageProgress.class);
    this.clock = clock;
    this.every = every;
  }

  /** Whether it is time to report on the run. */
  boolean due(StreamRun run) {
    Instant last = reported.get(key(run));
    return run.epoch() != null
        && (run.over() || last == null || !clock.instant().isBefore(last.plus(every)));
  }

  /** What is to be told of the run now; to be stored once all that it counts is durable. */
  StageProgress of(StreamRun run) {
    Instant now = clock.instant();
    if (run.over()) {
      reported.remove(key(run));
    } else {
      reported.put(key(run), now);
    }
    return new StageProgress(
        STAGE,
        run.stream(),
        run.run(),
        run.epoch(),
        run.lastMicros(),
        run.over(),
        run.items(),
        Positions.of(now),
        run.settledMicros());
  }

  Future<Void> store(StageProgress report) {
    return progress.put(
        StoreKeys.progress(report.stream()), report.run() + "." + STAGE, report, null);
  }

  private static String key(StreamRun run) {
    return run.stream() + "/" + run.run();
  }
}
