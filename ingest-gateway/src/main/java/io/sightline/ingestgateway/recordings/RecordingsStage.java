package io.sightline.ingestgateway.recordings;

import io.sightline.bus.BusException;
import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.TransientException;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.StreamItem;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Counts what is recorded, as the owner of a partition of {@code chunks}: the ledgers of its
 * streams are its alone to change. Its checkpoint names the streams, so that those that are silent,
 * or removed, expire too; the numbers are committed with the ledgers, right before it.
 */
final class RecordingsStage implements Stage {

  private static final long TIMEOUT_SECONDS = 60;

  private final RecordStore store;
  private final RetentionLimits limits;
  private final Predicate<String> own;
  private final Set<Partition> owned = ConcurrentHashMap.newKeySet();

  /**
   * @param own the streams that are counted; others are passed over
   */
  RecordingsStage(RecordStore store, RetentionLimits limits, Predicate<String> own) {
    this.store = store;
    this.limits = limits;
    this.own = own;
  }

  /** What of a partition is stored with its offset. */
  private record State(List<String> streams) {}

  /** The ledgers of all streams that this process owns now. Any thread. */
  List<StreamLedger> ledgers() {
    List<StreamLedger> all = new ArrayList<>();
    owned.forEach(partition -> all.addAll(partition.ledgers.values()));
    return all;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    Partition opened = new Partition();
    if (state.length > 0) {
      opened.load(Json.decode(state, State.class).streams());
    }
    owned.add(opened);
    return opened;
  }

  private final class Partition implements StagePartition {

    private final Map<String, StreamLedger> ledgers = new ConcurrentHashMap<>();

    void load(Collection<String> streams) {
      List<Future<StreamLedger>> loading =
          streams.stream().map(stream -> StreamLedger.load(store, limits, stream)).toList();
      loading.forEach(one -> add(await(one)));
    }

    @Override
    public Future<Void> process(InRecord record) {
      StreamItem item = record.item();
      if (!own.test(item.stream())) {
        return Future.succeededFuture();
      }
      StreamLedger ledger = ledgers.get(item.stream());
      if (ledger == null) {
        ledger = add(await(StreamLedger.load(store, limits, item.stream())));
      }
      if (ledger.fenced()) {
        throw new TransientException(
            "The recordings of '" + item.stream() + "' are counted again from the checkpoint",
            null);
      }
      ledger.take(item, Positions.of(Instant.ofEpochMilli(record.timestampMillis())));
      return Future.succeededFuture();
    }

    @Override
    public byte[] state() {
      List<Future<Void>> commits = ledgers.values().stream().map(StreamLedger::commit).toList();
      commits.forEach(RecordingsStage::await);
      return Json.encode(new State(ledgers.keySet().stream().sorted().toList()));
    }

    @Override
    public void close() {
      owned.remove(this);
    }

    private StreamLedger add(StreamLedger ledger) {
      ledgers.put(ledger.stream(), ledger);
      return ledger;
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new TransientException("Storage took longer than " + TIMEOUT_SECONDS + " s", e);
    } catch (StorageException e) {
      throw new TransientException("The recordings cannot be counted now: " + e.getMessage(), e);
    } catch (BusException e) {
      throw e;
    }
  }
}
