package io.sightline.ingestgateway.recordings;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Keep;
import io.sightline.records.Marker;
import io.sightline.records.Positions;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.RecordingLedger.Expiring;
import io.sightline.records.RecordingLedger.Place;
import io.sightline.records.StreamItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The counting of one stream. Items come in order, possibly again: what is not above the place of
 * its run was counted before. Not thread-safe.
 */
final class LedgerBook {

  /** So that the ledger stays well below what an item may hold. */
  static final int MAX_EXPIRING = 64;

  private static final int MAX_PLACES = 50;
  private static final int MAX_OPEN = 16;

  /** Gateways' clocks may differ by less; a larger difference is a clock that was set. */
  private static final long MAX_SKEW_MICROS = 3_600 * Positions.MICROS_PER_SECOND;

  /** Chunks further apart than this are no longer neighbours. */
  static final long GAP_MICROS = Positions.MICROS_PER_SECOND;

  private final RetentionLimits limits;
  private final String stream;
  private long chunks;
  private long bytes;
  private long pinnedChunks;
  private long pinnedBytes;
  private Keep keep;

  /** By run, longest silent first. */
  private final Map<String, Place> places = new LinkedHashMap<>();

  private final Map<String, RecordedBlock> open = new LinkedHashMap<>();
  private final List<RecordedBlock> closed = new ArrayList<>();
  private final List<Expiring> expiring;

  LedgerBook(RecordingLedger ledger, RetentionLimits limits) {
    this.limits = limits;
    this.stream = ledger.stream();
    this.chunks = ledger.chunks();
    this.bytes = ledger.bytes();
    this.pinnedChunks = ledger.pinnedChunks();
    this.pinnedBytes = ledger.pinnedBytes();
    this.keep = ledger.keep();
    this.expiring = new ArrayList<>(ledger.expiring());
    ledger.places().forEach(place -> places.put(place.run(), place));
    ledger.open().forEach(block -> open.put(block.run(), block));
  }

  RecordingLedger ledger() {
    return new RecordingLedger(
        stream,
        chunks,
        bytes,
        pinnedChunks,
        pinnedBytes,
        keep,
        List.copyOf(places.values()),
        List.copyOf(open.values()),
        expiring);
  }

  long chunks() {
    return chunks;
  }

  long bytes() {
    return bytes;
  }

  long pinnedBytes() {
    return pinnedBytes;
  }

  Keep keep() {
    return keep;
  }

  void keep(Keep rule) {
    keep = rule;
  }

  /** Complete blocks that are to be stored, before the ledger that does not hold them any more. */
  List<RecordedBlock> closed() {
    return List.copyOf(closed);
  }

  /** They are stored, and so is the ledger. */
  void stored(List<RecordedBlock> blocks) {
    closed.removeAll(blocks);
  }

  List<Expiring> expiring() {
    return List.copyOf(expiring);
  }

  /**
   * Counts an item of the chunks' lane.
   *
   * @return whether it was new
   */
  boolean take(StreamItem item, long timestampMicros) {
    Place place = places.get(item.run());
    if (place != null && place.includes(item.epoch(), item.sequence())) {
      return false;
    }
    long arrivalMicros = arrival(place, timestampMicros);
    if (place != null && !place.epoch().equals(item.epoch())) {
      finish(place);
    }
    if (item instanceof ChunkInfo chunk) {
      count(chunk, arrivalMicros);
    }
    Place next = moved(place, item, arrivalMicros);
    put(next);
    if (item instanceof Marker marker && marker.kind() == Marker.Kind.EPOCH_END) {
      finish(next);
    }
    return true;
  }

  /** Completes blocks that have not grown for long, and epochs of which nothing came any more. */
  boolean closeIdle(long nowMicros) {
    long idleSince = nowMicros - Positions.micros(limits.idle());
    long silentSince = nowMicros - Positions.micros(limits.silent());
    boolean any = false;
    for (RecordedBlock block : List.copyOf(open.values())) {
      any |= block.lastArrivalMicros() <= idleSince && close(block.run());
    }
    for (Place place : List.copyOf(places.values())) {
      any |= place.arrivalMicros() <= silentSince && finish(place);
    }
    return any;
  }

  /** Completes all blocks, so that they can expire. */
  void closeOpen() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  boolean hasOpen() {
    return !open.isEmpty();
  }

  /**
   * Whether a stored block is one that the ledger counts. What a kill left behind may be stored
   * already, and yet not be counted, or be counted as open.
   */
  boolean counts(RecordedBlock block) {
    Place place = places.get(block.run());
    return open.values().stream().noneMatch(block::isSame)
        && closed.stream().noneMatch(block::isSame)
        && expiring.stream().noneMatch(one -> one.block().isSame(block))
        && (place == null || place.includes(block.epoch(), block.lastSequence()));
  }

  /** From now on the block is not offered any more, and does not count. */
  void expire(RecordedBlock block, long nowMicros) {
    chunks -= block.chunks();
    bytes -= block.bytes();
    expiring.add(new Expiring(block, nowMicros));
    Place place = places.get(block.run());
    if (place != null) {
      places.replace(
          block.run(),
          new Place(
              place.run(),
              place.epoch(),
              place.sequence(),
              place.positionMicros(),
              place.arrivalMicros(),
              place.ended(),
              block.epoch(),
              block.last() ? Long.MAX_VALUE : block.lastSequence()));
    }
  }

  /**
   * The block is gone, but for what is pinned.
   *
   * @return false when it was known before
   */
  boolean expired(RecordedBlock block, List<RecordedBlock> pinned) {
    if (!expiring.removeIf(one -> one.block().isSame(block))) {
      return false;
    }
    pinnedChunks += pinned.stream().mapToLong(RecordedBlock::chunks).sum();
    pinnedBytes += pinned.stream().mapToLong(RecordedBlock::bytes).sum();
    return true;
  }

  /** What outlived retention, in sum. */
  boolean pinned(long chunksThere, long bytesThere) {
    boolean other = pinnedChunks != chunksThere || pinnedBytes != bytesThere;
    pinnedChunks = chunksThere;
    pinnedBytes = bytesThere;
    return other;
  }

  /** Of what outlived retention, this is gone, too. */
  boolean released(long chunksGone, long bytesGone) {
    return pinned(Math.max(0, pinnedChunks - chunksGone), Math.max(0, pinnedBytes - bytesGone));
  }

  /** Whether nothing more of an epoch can come. */
  boolean isPast(String run, String epoch) {
    Place place = places.get(run);
    int order = place == null ? -1 : epoch.compareTo(place.epoch());
    return order < 0 || order == 0 && place.ended();
  }

  /** What comes later never arrived earlier, so that a run expires in its own order. */
  private static long arrival(Place place, long timestampMicros) {
    return place != null && place.arrivalMicros() - timestampMicros < MAX_SKEW_MICROS
        ? Math.max(place.arrivalMicros(), timestampMicros)
        : timestampMicros;
  }

  private void count(ChunkInfo chunk, long arrivalMicros) {
    RecordedBlock block = open.get(chunk.run());
    if (block != null && !takes(block, chunk)) {
      close(chunk.run());
      block = null;
    }
    open.put(
        chunk.run(),
        block == null ? RecordedBlock.of(chunk, arrivalMicros) : block.with(chunk, arrivalMicros));
    chunks++;
    bytes += chunk.sizeBytes();
    if (open.size() > MAX_OPEN) {
      close(open.keySet().iterator().next());
    }
  }

  private boolean takes(RecordedBlock block, ChunkInfo chunk) {
    return block.chunks() < limits.blockChunks()
        && block.bytes() < limits.blockBytes()
        && chunk.positionMicros() >= block.lastMicros()
        && chunk.positionMicros() - block.endMicros() <= GAP_MICROS;
  }

  private Place moved(Place before, StreamItem item, long arrivalMicros) {
    boolean noneExpired = before == null || before.expiredEpoch() == null;
    return new Place(
        item.run(),
        item.epoch(),
        item.sequence(),
        item.positionMicros(),
        arrivalMicros,
        false,
        noneExpired ? null : before.expiredEpoch(),
        noneExpired ? 0 : before.expiredSequence());
  }

  private void put(Place place) {
    places.remove(place.run());
    places.put(place.run(), place);
    if (places.size() > MAX_PLACES) {
      Place silent = places.values().iterator().next();
      close(silent.run());
      places.remove(silent.run());
    }
  }

  private boolean close(String run) {
    RecordedBlock block = open.remove(run);
    return block != null && closed.add(block);
  }

  /** Nothing more of the place's epoch can come: its last block says so. */
  private boolean finish(Place place) {
    if (place.ended()) {
      return false;
    }
    RecordedBlock block = open.remove(place.run());
    closed.add((block == null ? nothingAt(place) : block).asLast());
    places.replace(
        place.run(),
        new Place(
            place.run(),
            place.epoch(),
            place.sequence(),
            place.positionMicros(),
            place.arrivalMicros(),
            true,
            place.expiredEpoch(),
            place.expiredSequence()));
    return true;
  }

  private static RecordedBlock nothingAt(Place place) {
    return new RecordedBlock(
        place.run(),
        place.epoch(),
        place.sequence() + 1,
        place.sequence(),
        place.positionMicros(),
        place.positionMicros(),
        place.positionMicros(),
        place.arrivalMicros(),
        place.arrivalMicros(),
        0,
        0,
        true);
  }
}
