package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Pin;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The chunks that a clip will refer to, held beyond their stream's retention. First they are
 * pinned, then looked at again: whoever deletes them marks them first and looks for pins then, so
 * at least one of the two sees the other. Blocking.
 */
final class PinnedChunks {

  private static final long TIMEOUT_SECONDS = 60;

  private final RecordedChunks chunks;
  private final Records<Pin> pins;
  private final Clock clock;

  PinnedChunks(RecordStore store, Clock clock) {
    this.chunks = new RecordedChunks(store);
    this.pins = Records.of(store, Pin.class);
    this.clock = clock;
  }

  /**
   * The chunks from which a clip is cut, which stay from now on.
   *
   * @return in order of position; empty, and nothing pinned, when nothing is recorded there
   */
  List<ChunkInfo> hold(WantedClip clip) throws TimeoutException {
    Set<String> stored = new HashSet<>();
    String stream = clip.segment().stream();
    List<ChunkInfo> found = covering(clip);
    while (!found.isEmpty()) {
      Set<String> needed = pin(clip, found);
      stored.addAll(needed);
      List<ChunkInfo> left = covering(clip);
      if (left.equals(found)) {
        stored.removeAll(needed);
        delete(stream, stored);
        return found;
      }
      // Some expired meanwhile: only what is left may be held, or they would never go.
      found = left;
    }
    delete(stream, stored);
    return found;
  }

  /** Lets them go: no clip came of them. */
  void release(WantedClip clip, List<ChunkInfo> held) throws TimeoutException {
    if (!held.isEmpty()) {
      Pin pin = pinOf(clip, held);
      Set<String> sorts = new HashSet<>();
      held.forEach(chunk -> sorts.add(pin.sortAt(chunk.positionMicros())));
      delete(clip.segment().stream(), sorts);
    }
  }

  private List<ChunkInfo> covering(WantedClip clip) throws TimeoutException {
    return chunks.covering(
        clip.segment().stream(), clip.segment().run(), clip.markInMicros(), clip.markOutMicros());
  }

  private Set<String> pin(WantedClip clip, List<ChunkInfo> found) throws TimeoutException {
    Pin pin = pinOf(clip, found);
    Set<String> sorts = new HashSet<>();
    found.forEach(chunk -> sorts.add(pin.sortAt(chunk.positionMicros())));
    String partition = StoreKeys.pins(found.get(0).stream());
    await(Future.all(sorts.stream().map(sort -> pins.put(partition, sort, pin, null)).toList()));
    return sorts;
  }

  private Pin pinOf(WantedClip clip, List<ChunkInfo> found) {
    return new Pin(
        clip.id(),
        clip.segment().run(),
        found.get(0).positionMicros(),
        found.get(found.size() - 1).positionMicros(),
        Positions.of(clock.instant()));
  }

  private void delete(String stream, Set<String> sorts) throws TimeoutException {
    await(
        Future.all(sorts.stream().map(sort -> pins.delete(StoreKeys.pins(stream), sort)).toList()));
  }

  private static void await(Future<?> future) throws TimeoutException {
    future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
