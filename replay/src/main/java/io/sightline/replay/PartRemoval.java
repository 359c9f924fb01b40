package io.sightline.replay;

import io.sightline.records.HeldPart;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.PartUse;
import io.sightline.records.Positions;
import io.sightline.records.ReelPart;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordPage;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes parts that no replay uses any more, with their renditions, and files that nobody wants.
 *
 * <p>Whoever is about to use a part writes its {@link HeldPart}; this reads that first, then looks
 * for uses, and marks the part on condition that nobody wrote meanwhile. From the mark on nobody
 * uses it, and whoever is making it, or a rendition of it, deletes what they made. Its objects go
 * then, and what is left says for a while that it is gone. After a kill what is marked is deleted
 * with the next look. Blocking; one call at a time.
 */
final class PartRemoval {

  private static final Logger LOG = LoggerFactory.getLogger(PartRemoval.class);

  private static final long TIMEOUT_SECONDS = 120;
  private static final int PAGE = 100;

  /** Nobody who read it before it was marked still believes in it. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final ObjectStore objects;
  private final RecordStore store;
  private final Records<PartUse> uses;
  private final Records<Replay> replays;
  private final Records<ReplayItem> items;
  private final Records<Rendition> renditions;
  private final Clock clock;

  PartRemoval(ObjectStore objects, RecordStore store, Clock clock) {
    this.objects = objects;
    this.store = store;
    this.uses = Records.of(store, PartUse.class);
    this.replays = Records.of(store, Replay.class);
    this.items = Records.of(store, ReplayItem.class);
    this.renditions = Records.of(store, Rendition.class);
    this.clock = clock;
  }

  /**
   * Looks at all parts.
   *
   * @return how many were deleted
   */
  int look() throws TimeoutException {
    Map<String, Named> named = new HashMap<>();
    int deleted = 0;
    Query query = new Query(StoreKeys.HELD_PARTS, null, null, PAGE, false);
    while (query != null && !Thread.currentThread().isInterrupted()) {
      RecordPage page = await(store.query(query));
      for (StoredRecord stored : page.records()) {
        deleted += look(stored, named) ? 1 : 0;
      }
      query = page.nextSort() == null ? null : query.after(page);
    }
    return deleted;
  }

  /**
   * What a replay names, as it was read once.
   *
   * @param gone whether it will never name anything again
   */
  private record Named(boolean gone, Set<String> keys) {}

  private boolean look(StoredRecord stored, Map<String, Named> named) throws TimeoutException {
    HeldPart part = Json.decode(stored.value(), HeldPart.class);
    if (part.state() == HeldPart.State.GOING) {
      delete(part, stored.version());
      return true;
    }
    long old = Positions.of(clock.instant().minus(HeldParts.HELD));
    if (part.state() != HeldPart.State.HELD || part.atMicros() > old || isNamed(part, named)) {
      return false;
    }
    HeldPart going = part.as(HeldPart.State.GOING);
    Optional<Long> marked = write(going, stored.version(), null);
    if (marked.isPresent()) {
      delete(going, marked.get());
    }
    return marked.isPresent();
  }

  private boolean isNamed(HeldPart part, Map<String, Named> named) throws TimeoutException {
    for (PartUse use : uses(part)) {
      Named by = named.get(use.replay());
      if (by == null) {
        by = read(use.replay());
        named.put(use.replay(), by);
      }
      if (by.keys().contains(part.key())) {
        return true;
      }
      if (by.gone()) {
        await(uses.delete(StoreKeys.PART_USES, use.sort()));
      }
    }
    return false;
  }

  private Named read(String id) throws TimeoutException {
    Optional<Replay> replay = await(replays.find(StoreKeys.REPLAYS, id));
    if (replay.isEmpty() || replay.get().state() == MediaState.GONE) {
      return new Named(replay.isPresent(), Set.of());
    }
    int version = replay.get().version();
    return new Named(
        false,
        await(
                items.all(
                    StoreKeys.replayItems(id),
                    ReplayItem.fromSort(version),
                    ReplayItem.toSort(version)))
            .stream()
            .flatMap(item -> item.parts() == null ? Stream.empty() : item.parts().keys())
            .collect(Collectors.toSet()));
  }

  /** What it consists of first, then what is known of it, so that a kill in between leaves that. */
  private void delete(HeldPart part, long version) throws TimeoutException {
    StoredFolder.delete(objects, ReelPart.folder(part.key()));
    String media = part.key();
    for (Rendition one :
        await(
            renditions.all(
                Rendition.partition(media), Rendition.fromSort(media), Rendition.toSort(media)))) {
      if (one.media().equals(media)) {
        await(renditions.delete(Rendition.partition(media), one.sort()));
      }
    }
    for (PartUse use : uses(part)) {
      await(uses.delete(StoreKeys.PART_USES, use.sort()));
    }
    write(part.as(HeldPart.State.GONE), version, REMEMBERED);
    LOG.info("{} was deleted: no replay uses it any more", part.key());
  }

  private Iterable<PartUse> uses(HeldPart part) throws TimeoutException {
    return await(
        uses.all(StoreKeys.PART_USES, PartUse.fromSort(part.key()), PartUse.toSort(part.key())));
  }

  /**
   * @return its version; empty when somebody else wrote it meanwhile
   */
  private Optional<Long> write(HeldPart part, long version, Duration life) throws TimeoutException {
    try {
      return Optional.of(
          await(
              store.putIf(
                  StoreKeys.HELD_PARTS,
                  part.id(),
                  Json.encode(part),
                  life == null ? null : clock.instant().plus(life),
                  version)));
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
