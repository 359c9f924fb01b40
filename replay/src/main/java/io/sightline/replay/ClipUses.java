package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ClipUse;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Notes which clips a replay is about to show, before it does, so that nobody deletes them.
 * Blocking; safe for use by any thread.
 */
final class ClipUses {

  private static final long TIMEOUT_SECONDS = 120;

  private final Records<ClipUse> uses;
  private final Records<Clip> clips;
  private final Clock clock;

  ClipUses(RecordStore store, Clock clock) {
    this.uses = Records.of(store, ClipUse.class);
    this.clips = Records.of(store, Clip.class);
    this.clock = clock;
  }

  /**
   * @return false when one of them has gone meanwhile, or is about to; what is shown is to be
   *     chosen again then
   */
  boolean hold(String replay, List<String> wanted) throws TimeoutException {
    long now = Positions.of(clock.instant());
    await(
        Future.all(
            wanted.stream()
                .map(clip -> new ClipUse(clip, replay, now))
                .map(
                    use ->
                        uses.put(
                            StoreKeys.clipUses(StoreKeys.streamOf(use.clip())),
                            use.sort(),
                            use,
                            null))
                .toList()));
    List<Future<Optional<Clip>>> found =
        wanted.stream()
            .map(id -> clips.find(StoreKeys.clips(StoreKeys.streamOf(id)), StoreKeys.sortOf(id)))
            .toList();
    await(Future.all(found));
    return found.stream().allMatch(one -> one.result().filter(ClipUses::isReady).isPresent());
  }

  private static boolean isReady(Clip clip) {
    return clip.state() == MediaState.READY;
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
