package io.sightline.replay;

import io.sightline.records.HeldPart;
import io.sightline.records.Json;
import io.sightline.records.PartUse;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Notes which parts a replay is about to use, before it does, so that nobody deletes them, and what
 * their keys are. Noted again and again while the replay is built: until its decisions name them.
 * Blocking; safe for use by any thread.
 */
final class HeldParts {

  /** From what was noted last, nobody deletes a part for so long. */
  static final Duration HELD = Duration.ofHours(1);

  /** Building goes on for a while with what was noted. */
  private static final Duration AGAIN = Duration.ofMinutes(10);

  private static final long TIMEOUT_SECONDS = 120;

  /** Waiting writes share a flush to the disk, but all of a long replay would fill their queue. */
  private static final int TAKEN_AT_ONCE = 300;

  /** Each lost race means that another got on, so this many in a row are not chance. */
  private static final int MAX_LOST_RACES = 20;

  private final RecordStore store;
  private final Records<PartUse> uses;
  private final Clock clock;

  /** What is noted, by replay, then by id of the part. */
  private final Map<String, Map<String, HeldPart>> noted = new ConcurrentHashMap<>();

  HeldParts(RecordStore store, Clock clock) {
    this.store = store;
    this.uses = Records.of(store, PartUse.class);
    this.clock = clock;
  }

  /**
   * Keys of parts, by id.
   *
   * @param ids all that the replay is about to use
   * @param begun is told the keys of those that it did not use before, as far as is known here
   * @return without those that are just being deleted; another time they have a key
   */
  Map<String, String> hold(String replay, Collection<String> ids, Consumer<String> begun)
      throws TimeoutException {
    long now = now();
    Map<String, HeldPart> before = noted.getOrDefault(replay, Map.of());
    Map<String, HeldPart> after = new HashMap<>();
    Map<String, Future<Optional<HeldPart>>> taken = new HashMap<>();
    for (String id : ids) {
      HeldPart one = before.get(id);
      if (one != null && one.atMicros() > now - Positions.micros(AGAIN)) {
        after.put(id, one);
      } else {
        taken.computeIfAbsent(
            id, part -> take(part, now, HeldPart::ofPart).compose(held -> use(replay, held)));
      }
      if (taken.size() == TAKEN_AT_ONCE) {
        drain(taken, after);
      }
    }
    drain(taken, after);
    noted.put(replay, after);
    Map<String, String> keys = new HashMap<>();
    after.forEach(
        (id, held) -> {
          keys.put(id, held.key());
          if (!before.containsKey(id)) {
            begun.accept(held.key());
          }
        });
    return keys;
  }

  private static void drain(
      Map<String, Future<Optional<HeldPart>>> taken, Map<String, HeldPart> held)
      throws TimeoutException {
    await(Future.all(List.copyOf(taken.values())));
    taken.forEach((id, one) -> one.result().ifPresent(part -> held.put(id, part)));
    taken.clear();
  }

  /** The key of a part that some replay uses; empty when none does. Notes nothing. */
  Optional<String> known(String id) throws TimeoutException {
    return await(find(id))
        .map(stored -> Json.decode(stored.value(), HeldPart.class))
        .filter(held -> held.state() == HeldPart.State.HELD)
        .map(HeldPart::key);
  }

  /** The key of a file; empty when it is just being deleted. */
  Optional<String> holdFile(String id) throws TimeoutException {
    return await(take(id, now(), HeldPart::ofFile)).map(HeldPart::key);
  }

  void forget(String replay) {
    noted.remove(replay);
  }

  private Future<Optional<HeldPart>> use(String replay, Optional<HeldPart> held) {
    if (held.isEmpty()) {
      return Future.succeededFuture(held);
    }
    PartUse use = new PartUse(held.get().key(), replay);
    return uses.put(StoreKeys.PART_USES, use.sort(), use, null).map(held);
  }

  private Future<Optional<HeldPart>> take(
      String id, long now, BiFunction<String, Long, HeldPart> made) {
    return take(id, now, made, MAX_LOST_RACES);
  }

  private Future<Optional<HeldPart>> take(
      String id, long now, BiFunction<String, Long, HeldPart> made, int races) {
    return find(id)
        .compose(
            stored -> {
              HeldPart there =
                  stored.map(one -> Json.decode(one.value(), HeldPart.class)).orElse(null);
              if (there != null && there.state() == HeldPart.State.GOING) {
                return Future.succeededFuture(Optional.empty());
              }
              boolean anew = there == null || there.state() == HeldPart.State.GONE;
              HeldPart next = anew ? made.apply(id, now) : there.at(now);
              long version = stored.map(StoredRecord::version).orElse(RecordStore.ABSENT);
              return store
                  .putIf(StoreKeys.HELD_PARTS, id, Json.encode(next), null, version)
                  .map(written -> Optional.of(next))
                  .recover(
                      failure ->
                          has(failure, Reason.CONFLICT) && races > 0
                              ? take(id, now, made, races - 1)
                              : Future.failedFuture(failure));
            });
  }

  private Future<Optional<StoredRecord>> find(String id) {
    return store
        .get(StoreKeys.HELD_PARTS, id)
        .map(Optional::of)
        .recover(
            failure ->
                has(failure, Reason.NOT_FOUND)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private long now() {
    return Positions.of(clock.instant());
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
