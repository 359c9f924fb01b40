package io.sightline.ingestgateway.lists;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.List;

/** What was asked of replays: every request, by replay and revision. */
final class ReplayRequests {

  private final RecordStore store;
  private final Records<ReplayRequest> requests;
  private final Writer writer;

  ReplayRequests(RecordStore store, Writer writer) {
    this.store = store;
    this.requests = Records.of(store, ReplayRequest.class);
    this.writer = writer;
  }

  /** Completes once it is durable; fails with a conflict when its revision is taken. */
  Future<Void> send(ReplayRequest request) {
    String partition = StoreKeys.replayRequests(request.replay());
    String sort = String.format("%010d", request.revision());
    return store
        .putIf(partition, sort, Json.encode(request), null, RecordStore.ABSENT)
        .compose(
            version ->
                writer
                    .write(OutRecord.of(Topic.REPLAY_REQUESTS, request.replay(), request))
                    .recover(
                        failure ->
                            // Nobody will ever read it: better not to have asked.
                            store
                                .delete(partition, sort)
                                .transform(v -> Future.failedFuture(failure))));
  }

  /** The last two, the newest first: before one that cancels is one that does not. */
  Future<List<ReplayRequest>> of(String id) {
    return requests
        .query(new Query(StoreKeys.replayRequests(id), null, null, 2, true))
        .map(page -> page.items());
  }

  /** The revision of what is asked next. */
  static int nextRevision(Replay replay, List<ReplayRequest> last) {
    int asked = last.isEmpty() ? 0 : last.get(0).revision();
    return Math.max(asked, replay.requestRevision()) + 1;
  }

  /** What was asked for before it was cancelled, or as the replay itself tells. */
  static ReplayRequest asked(Replay replay, List<ReplayRequest> last) {
    return last.stream()
        .filter(request -> request.kind().makes())
        .findFirst()
        .orElseGet(
            () ->
                new ReplayRequest(
                    replay.id(),
                    ReplayRequest.Kind.CREATE,
                    replay.title(),
                    replay.selection(),
                    replay.mp4(),
                    null,
                    replay.createdMicros(),
                    replay.requestRevision(),
                    null,
                    replay.publish(),
                    replay.audioTrack()));
  }

  /** A replay that nobody has begun to make. */
  static Replay pending(ReplayRequest request) {
    return new Replay(
        request.replay(),
        request.title(),
        request.selection(),
        MediaState.PENDING,
        0,
        0,
        0,
        false,
        request.mp4(),
        null,
        null,
        request.atMicros(),
        request.revision(),
        null,
        0,
        request.publish(),
        request.audioTrack());
  }
}
