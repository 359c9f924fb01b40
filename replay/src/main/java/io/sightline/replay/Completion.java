package io.sightline.replay;

import io.sightline.records.EpochInfo;
import io.sightline.records.Positions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether no further segment can come into the window of a replay. A live stream has passed the end
 * of a window when all before that is worked off; or, for it may be off by then, when the clock has
 * passed it and all that is known of the stream is worked off to the end of its last epoch. An
 * epoch without an end is waited for: its agent may be cut off, and brings the rest when it is
 * back. One that captured an epoch of which nobody here has heard is not. Blocking.
 */
final class Completion {

  /** How late an epoch that began within the window may be opened here. */
  static final Duration ARRIVAL = Duration.ofSeconds(10);

  private static final String LIVE = "live";
  private static final long TIMEOUT_SECONDS = 60;

  private final Records<EpochInfo> epochs;
  private final Records<StageProgress> progress;
  private final Clock clock;

  /**
   * @param clock as that of the agents, whose clocks positions are taken from
   */
  Completion(RecordStore store, Clock clock) {
    this.epochs = Records.of(store, EpochInfo.class);
    this.progress = Records.of(store, StageProgress.class);
    this.clock = clock;
  }

  boolean reached(ReplayRequest.Selection selection, ReplayRules rules) throws TimeoutException {
    if (rules.mode() == ReplayRules.Mode.TIMESTAMPS || rules.mode() == ReplayRules.Mode.MANUAL) {
      return true;
    }
    for (String stream : selection.streams()) {
      if (!reached(stream, selection.run(), selection.toMicros())) {
        return false;
      }
    }
    return true;
  }

  private boolean reached(String stream, String run, Long toMicros) throws TimeoutException {
    Optional<StageProgress> segmenter =
        await(progress.find(StoreKeys.progress(stream), run + ".segmenter"));
    if (toMicros != null
        && segmenter.filter(known -> known.segmentsMicros() >= toMicros).isPresent()) {
      return true;
    }
    if (!run.equals(LIVE)) {
      return segmenter.filter(StageProgress::ended).isPresent();
    }
    return toMicros != null
        && Positions.of(clock.instant().minus(ARRIVAL)) >= toMicros
        && segmenter.map(StageProgress::ended).orElse(true)
        && !isBehind(stream, segmenter.map(StageProgress::epoch).orElse(null));
  }

  /** Whether an epoch was opened after this one, whose items are on their way. */
  private boolean isBehind(String stream, String epoch) throws TimeoutException {
    return await(epochs.all(StoreKeys.epochs(stream), epoch, null)).stream()
        .anyMatch(known -> known.run().equals(LIVE) && !known.epoch().equals(epoch));
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
