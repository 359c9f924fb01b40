package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;

/** Asking for replays, and what has become of them. */
final class Replays {

  private final RecordStore store;
  private final Records<Replay> replays;
  private final Records<ReplayRequest> requests;
  private final Listing<Replay> list;
  private final Listing<ReplayItem> items;
  private final StreamCatalog catalog;
  private final Writer writer;
  private final Views views;
  private final Clock clock;

  Replays(RecordStore store, StreamCatalog catalog, Writer writer, Views views, Clock clock) {
    this.store = store;
    this.replays = Records.of(store, Replay.class);
    this.requests = Records.of(store, ReplayRequest.class);
    this.list = new Listing<>(store, Replay.class, Replay::id, clock);
    this.items = new Listing<>(store, ReplayItem.class, item -> "", clock);
    this.catalog = catalog;
    this.writer = writer;
    this.views = views;
    this.clock = clock;
  }

  /** A replay shows pictures of all its streams: one may see it who may see them all. */
  static boolean sees(Caller caller, Replay replay) {
    return caller.streams().isEmpty()
        || replay.selection() != null && caller.streams().containsAll(replay.selection().streams());
  }

  Future<ObjectNode> list(Caller caller, int limit, Cursor cursor) {
    String bound = cursor == null ? null : cursor.bound();
    return list.within(StoreKeys.REPLAYS, null, bound, limit, replay -> sees(caller, replay))
        .map(found -> Results.page(found, views::replay));
  }

  Future<ObjectNode> one(Caller caller, String id) {
    return find(caller, id).map(views::replay);
  }

  Future<ObjectNode> items(Caller caller, String id, int limit, Cursor cursor) {
    return find(caller, id)
        .compose(
            replay -> {
              String first = String.format("%06d.", replay.version());
              String end = String.format("%06d/", replay.version());
              String bound = cursor == null || cursor.bound() == null ? first : cursor.bound();
              String from = bound.compareTo(first) < 0 ? first : bound;
              return items.ascending(StoreKeys.replayItems(id), from, end, limit);
            })
        .map(found -> Results.page(found, views::replayItem));
  }

  /** Asks for a replay; completes with it, pending, once the request is durable. */
  Future<ObjectNode> create(
      Caller caller, String title, ReplayRequest.Selection selection, boolean mp4) {
    for (String stream : selection.streams()) {
      caller.requireStream(stream);
      catalog.require(stream);
    }
    long now = Positions.of(clock.instant());
    String id =
        Ids.fixedWidth(now) + "-" + Ids.digest(title + "\n" + Ids.digest(Json.encode(selection)));
    ReplayRequest request =
        new ReplayRequest(
            id, ReplayRequest.Kind.CREATE, title, selection, mp4, caller.name(), now, 1);
    return send(request).map(v -> views.replay(pending(request)));
  }

  /** Asks that a replay be cancelled; completes with it as it is now. */
  Future<ObjectNode> cancel(Caller caller, String id) {
    return find(caller, id)
        .compose(
            replay ->
                lastRequest(id)
                    .compose(
                        last -> {
                          if (last.isPresent() && last.get().kind() == ReplayRequest.Kind.CANCEL) {
                            return Future.succeededFuture();
                          }
                          int revision =
                              Math.max(
                                      last.map(ReplayRequest::revision).orElse(0),
                                      replay.requestRevision())
                                  + 1;
                          return send(
                              new ReplayRequest(
                                  id,
                                  ReplayRequest.Kind.CANCEL,
                                  replay.title(),
                                  null,
                                  replay.mp4(),
                                  caller.name(),
                                  Positions.of(clock.instant()),
                                  revision));
                        })
                    .map(v -> views.replay(replay)));
  }

  private Future<Void> send(ReplayRequest request) {
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

  /** A replay that the caller sees; fails with {@link Problem} 404. */
  Future<Replay> find(Caller caller, String id) {
    return replays
        .find(StoreKeys.REPLAYS, id)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found)
                    : lastRequest(id)
                        .map(
                            request ->
                                request
                                    .filter(r -> r.kind() != ReplayRequest.Kind.CANCEL)
                                    .map(Replays::pending)))
        .compose(
            found ->
                found
                    .filter(replay -> sees(caller, replay))
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                Problem.notFound("There is no replay '" + id + "'."))));
  }

  private Future<Optional<ReplayRequest>> lastRequest(String id) {
    return requests
        .query(new Query(StoreKeys.replayRequests(id), null, null, 1, true))
        .map(page -> page.items().stream().findFirst());
  }

  /** A replay that nobody has begun to make. */
  private static Replay pending(ReplayRequest request) {
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
        0);
  }
}
