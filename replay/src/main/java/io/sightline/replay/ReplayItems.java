package io.sightline.replay;

import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The decisions of replays as they are stored. Only what differs is written. Remembers those of the
 * replays that are being built, whose only writer this process is. Blocking; one call at a time per
 * replay.
 */
final class ReplayItems {

  private static final long TIMEOUT_SECONDS = 120;

  /** Waiting writes share a flush to the disk, but all of a long replay would fill their queue. */
  private static final int WRITES_AT_ONCE = 1_000;

  private record Held(int version, Map<String, ReplayItem> items) {}

  private final Records<ReplayItem> items;
  private final Map<String, Held> remembered = new ConcurrentHashMap<>();

  ReplayItems(RecordStore store) {
    this.items = Records.of(store, ReplayItem.class);
  }

  /** The clips of a version's reel, in order of play. */
  List<String> clips(String replay, int version) throws TimeoutException {
    return held(replay, version).values().stream()
        .filter(ReplayItem::included)
        .sorted(Comparator.comparingInt(ReplayItem::order))
        .map(ReplayItem::clip)
        .toList();
  }

  /** Makes these the decisions of a version. */
  void store(String replay, int version, List<ReplayItem> decisions) throws TimeoutException {
    Map<String, ReplayItem> before = new HashMap<>(held(replay, version));
    Map<String, ReplayItem> now = new HashMap<>();
    remembered.remove(replay);
    List<Future<?>> writes = new ArrayList<>();
    String partition = StoreKeys.replayItems(replay);
    for (ReplayItem item : decisions) {
      String sort = item.sort();
      now.put(sort, item);
      if (!item.equals(before.remove(sort))) {
        writes.add(items.put(partition, sort, item, null));
        drain(writes, WRITES_AT_ONCE);
      }
    }
    for (String gone : before.keySet()) {
      writes.add(items.delete(partition, gone));
      drain(writes, WRITES_AT_ONCE);
    }
    drain(writes, 1);
    remembered.put(replay, new Held(version, now));
  }

  /**
   * Deletes the decisions of versions that nobody reads any more: of all but this one and the one
   * before, of which somebody may be reading the next page.
   */
  void deleteBefore(String replay, int version) throws TimeoutException {
    if (version < 3) {
      return;
    }
    String partition = StoreKeys.replayItems(replay);
    List<Future<?>> deletes = new ArrayList<>();
    for (ReplayItem item : await(items.all(partition, null, ReplayItem.fromSort(version - 1)))) {
      deletes.add(items.delete(partition, item.sort()));
      drain(deletes, WRITES_AT_ONCE);
    }
    drain(deletes, 1);
  }

  /** Somebody else may go on with it. */
  void forget(String replay) {
    remembered.remove(replay);
  }

  private Map<String, ReplayItem> held(String replay, int version) throws TimeoutException {
    Held held = remembered.get(replay);
    if (held != null && held.version() == version) {
      return held.items();
    }
    Map<String, ReplayItem> found = new HashMap<>();
    String partition = StoreKeys.replayItems(replay);
    for (ReplayItem item :
        await(items.all(partition, ReplayItem.fromSort(version), ReplayItem.toSort(version)))) {
      found.put(item.sort(), item);
    }
    remembered.put(replay, new Held(version, found));
    return found;
  }

  private static void drain(List<Future<?>> writes, int atLeast) throws TimeoutException {
    if (writes.size() >= atLeast) {
      await(Future.all(writes));
      writes.clear();
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
