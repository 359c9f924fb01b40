package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Deletes replays: first nobody is offered one any more, then its media goes, then its decisions
 * and what was asked of it. From then on nothing holds its clips. Its header says for a while that
 * it is gone, so that a request that comes again does not make it again. Doing it again deletes
 * what is left. Blocking.
 */
final class ReplayRemoval {

  private static final long TIMEOUT_SECONDS = 120;

  /** A request comes again only for as long as its topic keeps it. */
  private static final Duration REMEMBERED = Topic.REPLAY_REQUESTS.retention().plusDays(1);

  private final ObjectStore objects;
  private final RecordStore records;
  private final Records<Replay> replays;
  private final Writer writer;
  private final Clock clock;

  ReplayRemoval(ObjectStore objects, RecordStore records, Writer writer, Clock clock) {
    this.objects = objects;
    this.records = records;
    this.replays = Records.of(records, Replay.class);
    this.writer = writer;
    this.clock = clock;
  }

  /**
   * @throws TransientException when storage or Kafka may take it later
   */
  void delete(ReplayRequest request) {
    String id = request.replay();
    try {
      Optional<Replay> held = await(replays.find(StoreKeys.REPLAYS, id));
      if (held.isPresent()) {
        Replay gone =
            held.get().state() == MediaState.GONE ? held.get() : gone(held.get(), request);
        await(
            replays.putNewer(
                StoreKeys.REPLAYS, id, gone, Replay::revision, clock.instant().plus(REMEMBERED)));
        await(writer.write(OutRecord.of(Topic.REPLAYS, id, gone)));
      }
      StoredFolder.delete(objects, "replays/" + id + "/");
      deleteRecords(StoreKeys.replayItems(id));
      deleteRecords(StoreKeys.replayRequests(id));
    } catch (StorageException | TimeoutException e) {
      throw new TransientException("The replay " + id + " cannot be deleted now", e);
    }
  }

  private static Replay gone(Replay held, ReplayRequest request) {
    return new Replay(
        held.id(),
        held.title(),
        held.selection(),
        MediaState.GONE,
        held.version(),
        0,
        0,
        true,
        held.mp4(),
        null,
        null,
        held.createdMicros(),
        request.revision(),
        null,
        held.revision() + 1,
        held.publish());
  }

  private void deleteRecords(String partition) throws TimeoutException {
    Query query = Query.all(partition);
    while (query != null) {
      RecordPage page = await(records.query(query));
      await(
          Future.all(
              page.records().stream()
                  .map(StoredRecord::sort)
                  .map(sort -> records.delete(partition, sort))
                  .toList()));
      query = page.nextSort() == null ? null : query.after(page);
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
