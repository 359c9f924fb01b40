package io.sightline.ingestgateway.streams;

import io.sightline.records.Json;
import io.sightline.records.StreamSpec;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The streams that one finder has found: what it writes here, all gateways show and assign. Safe
 * for use by any thread.
 */
public final class FoundStreams {

  private static final String FOUND = "found-streams";

  /** By finder, the highest fence that has been here, also of one that had nothing to write. */
  private static final String FENCES = "found-fences";

  private static final Duration KEPT_WHEN_GONE = Duration.ofDays(1);

  private final RecordStore store;
  private final Revisions revisions;
  private final Records<Fence> fences;
  private final String by;
  private final Clock clock;

  /**
   * @param by name of the finder
   */
  public FoundStreams(RecordStore store, String by, Clock clock) {
    this.store = store;
    this.revisions = new Revisions(store);
    this.fences = Records.of(store, Fence.class);
    this.by = by;
    this.clock = clock;
  }

  /**
   * A stream that is there.
   *
   * @param what it is, for people, in the middle of a sentence
   */
  public record Found(StreamSpec stream, String what) {}

  /** Those that were found and are not gone, by name. */
  public Future<Map<String, Found>> all() {
    return items()
        .map(
            items -> {
              Map<String, Found> there = new TreeMap<>();
              items.forEach(
                  (name, item) -> {
                    if (!item.value().gone()) {
                      there.put(name, new Found(item.value().stream(), item.value().what()));
                    }
                  });
              return there;
            });
  }

  /**
   * Writes what is new or has changed, and takes away what is gone.
   *
   * @param fence of the lease that this is done under
   * @return false, and nothing more is written, when a later holder of the lease has been here
   */
  public Future<Boolean> change(long fence, Collection<Found> there, Collection<String> gone) {
    return raise(fence)
        .compose(
            raised ->
                revisions.change(
                    next -> items().compose(items -> write(items, fence, next, there, gone))))
        .map(true)
        .recover(
            failure ->
                failure instanceof FencedException
                    ? Future.succeededFuture(false)
                    : Future.failedFuture(failure));
  }

  /** Those of one finder, as the catalog takes them. */
  Future<List<FoundStream>> stored() {
    return items()
        .map(items -> items.values().stream().map(Item::value).filter(one -> !one.gone()).toList());
  }

  private record Item(FoundStream value, long version) {}

  /** Says that somebody with a higher fence has written. */
  private static final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FencedException() {
      super("A later holder of the lease has written", null, false, false);
    }
  }

  private record Fence(long fence) {}

  private Future<Boolean> raise(long fence) {
    return fences
        .putNewer(FENCES, by, new Fence(fence), one -> Math.toIntExact(one.fence()), null)
        .compose(written -> written ? Future.succeededFuture(true) : requireCurrent(fence));
  }

  private Future<Boolean> requireCurrent(long fence) {
    return fences
        .find(FENCES, by)
        .compose(
            highest ->
                highest.isPresent() && highest.get().fence() > fence
                    ? Future.failedFuture(new FencedException())
                    : Future.succeededFuture(true));
  }

  private Future<Boolean> write(
      Map<String, Item> items,
      long fence,
      long next,
      Collection<Found> there,
      Collection<String> gone) {
    if (items.values().stream().anyMatch(item -> item.value().fence() > fence)) {
      return Future.failedFuture(new FencedException());
    }
    List<Future<Long>> writes = new ArrayList<>();
    for (Found found : there) {
      Item before = items.get(found.stream().name());
      if (before == null || !before.value().sameAs(found.stream(), found.what())) {
        boolean same =
            before != null
                && !before.value().gone()
                && before.value().stream().equals(found.stream());
        // Another text for people is no reason to begin a new epoch.
        long revision = same ? before.value().revision() : next;
        writes.add(
            put(
                new FoundStream(found.stream(), found.what(), revision, fence, false),
                null,
                before));
      }
    }
    Instant expires = clock.instant().plus(KEPT_WHEN_GONE);
    for (String name : gone) {
      Item before = items.get(name);
      if (before != null && !before.value().gone()) {
        FoundStream was = before.value();
        writes.add(
            put(new FoundStream(was.stream(), was.what(), next, fence, true), expires, before));
      }
    }
    boolean untold = items.values().stream().anyMatch(item -> item.value().revision() >= next);
    boolean told = untold || !writes.isEmpty();
    return Future.all(writes).map(told);
  }

  private Future<Long> put(FoundStream value, Instant expires, Item before) {
    return store.putIf(
        FOUND,
        by + "/" + value.stream().name(),
        Json.encode(value),
        expires,
        before == null ? RecordStore.ABSENT : before.version());
  }

  private Future<Map<String, Item>> items() {
    // '0' follows '/'.
    return page(new TreeMap<>(), new Query(FOUND, by + "/", by + "0", Query.MAX_LIMIT, false));
  }

  private Future<Map<String, Item>> page(Map<String, Item> items, Query query) {
    return store
        .query(query)
        .compose(
            page -> {
              for (StoredRecord stored : page.records()) {
                FoundStream value = Json.decode(stored.value(), FoundStream.class);
                items.put(value.stream().name(), new Item(value, stored.version()));
              }
              return page.nextSort() == null
                  ? Future.succeededFuture(items)
                  : page(items, query.after(page));
            });
  }
}
