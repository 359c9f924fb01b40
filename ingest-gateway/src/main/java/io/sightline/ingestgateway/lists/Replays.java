package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.TransitionNames;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Published;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Asking for replays, changing them, and what has become of them. */
final class Replays {

  private final Records<Replay> replays;
  private final ReplayRequests requests;
  private final Listing<Replay> list;
  private final Listing<ReplayItem> items;
  private final Records<ReplayItem> decisions;
  private final ReplayChecks checks;
  private final StreamCatalog catalog;
  private final Views views;
  private final Renditions renditions;
  private final Records<Published> published;
  private final Records<ReplayJob> jobs;
  private final ReplayProgress progress;
  private final Clock clock;
  private final boolean publishes;
  private final TransitionNames transitions;

  /**
   * @param publishes whether the installation says where replays are published
   * @param transitions what the installation names for them
   */
  Replays(
      RecordStore store,
      StreamCatalog catalog,
      Writer writer,
      Views views,
      Clock clock,
      RecordingsView recordings,
      boolean publishes,
      TransitionNames transitions) {
    this.publishes = publishes;
    this.transitions = transitions;
    this.published = Records.of(store, Published.class);
    this.jobs = Records.of(store, ReplayJob.class);
    this.progress = new ReplayProgress(store);
    this.replays = Records.of(store, Replay.class);
    this.requests = new ReplayRequests(store, writer);
    this.list = new Listing<>(store, Replay.class, Replay::id, clock);
    this.items = new Listing<>(store, ReplayItem.class, item -> "", clock);
    this.decisions = Records.of(store, ReplayItem.class);
    this.checks = new ReplayChecks(store, recordings, clock);
    this.catalog = catalog;
    this.views = views;
    this.renditions = new Renditions(store);
    this.clock = clock;
  }

  /** A replay shows pictures of all its streams: one may see it who may see them all. */
  static boolean sees(Caller caller, Replay replay) {
    return caller.streams().isEmpty()
        || replay.selection() != null && caller.streams().containsAll(replay.selection().streams());
  }

  private static boolean isThere(Replay replay) {
    return replay.state() != MediaState.GONE;
  }

  Future<ObjectNode> list(Caller caller, int limit, Cursor cursor) {
    String bound = cursor == null ? null : cursor.bound();
    return list.within(
            StoreKeys.REPLAYS,
            null,
            bound,
            limit,
            replay -> sees(caller, replay) && isThere(replay))
        .map(found -> Results.page(found, views::replay));
  }

  Future<ObjectNode> one(Caller caller, String id) {
    return find(caller, id)
        .compose(
            replay ->
                requests.of(id).compose(last -> one(replay, ReplayRequests.asked(replay, last))));
  }

  private Future<ObjectNode> one(Replay replay, ReplayRequest asked) {
    return Future.all(
            renditions.of(replay),
            published.find(StoreKeys.PUBLISHED, replay.id()),
            jobs.find(StoreKeys.REPLAY_JOBS, replay.id()),
            progress.of(asked))
        .map(
            read -> {
              ObjectNode node = view(replay, asked);
              views.replayRenditions(node, replay, read.resultAt(0));
              Optional<Published> copied = read.resultAt(1);
              copied.ifPresent(one -> node.set("published", Views.published(one)));
              Optional<ReplayJob> job = read.resultAt(2);
              job.filter(one -> one.version() == replay.version())
                  .ifPresent(one -> node.set("job", views.replayJob(one)));
              return Views.withProgress(node, read.resultAt(3));
            });
  }

  Future<ObjectNode> items(Caller caller, String id, int limit, Cursor cursor) {
    return find(caller, id)
        .compose(
            replay -> {
              String first = ReplayItem.fromSort(replay.version());
              String end = ReplayItem.toSort(replay.version());
              String bound = cursor == null || cursor.bound() == null ? first : cursor.bound();
              String from = bound.compareTo(first) < 0 ? first : bound;
              return items.ascending(StoreKeys.replayItems(id), from, end, limit);
            })
        .map(found -> Results.page(found, views::replayItem));
  }

  /** Asks for a replay; completes with it, pending, once the request is durable. */
  Future<ObjectNode> create(Caller caller, ReplayOrder order) {
    if (order.decide() != null) {
      throw Problem.of(422, "Decide in 'rules.decisions' when a replay is asked for first.");
    }
    requireStreams(caller, order.selection());
    requirePublishing(order);
    requireTransitions(order);
    long now = Positions.of(clock.instant());
    String content = Ids.digest(Json.encode(order.selection()));
    if (order.rules() != null) {
      content += Ids.digest(Json.encode(order.rules()));
    }
    if (order.transitions() != null) {
      content += Ids.digest(Json.encode(order.transitions()));
    }
    String id = Ids.fixedWidth(now) + "-" + Ids.digest(order.title() + "\n" + content);
    ReplayRequest request =
        ReplayOrder.checked(
            ReplayOrder.STRETCHES,
            () ->
                new ReplayRequest(
                    id,
                    ReplayRequest.Kind.CREATE,
                    order.title(),
                    order.selection(),
                    Boolean.TRUE.equals(order.mp4()),
                    caller.name(),
                    now,
                    1,
                    order.rules(),
                    Boolean.TRUE.equals(order.publish()),
                    order.onlyTrack(),
                    order.transitions()));
    return checks
        .check(request, order, null)
        .compose(v -> requests.send(request))
        .map(v -> view(ReplayRequests.pending(request), request));
  }

  /** Asks for changes; completes with the replay as it is until they are made. */
  Future<ObjectNode> change(Caller caller, String id, ReplayOrder order) {
    if (order.stop()) {
      return stop(caller, id);
    }
    if (order.selection() != null) {
      requireStreams(caller, order.selection());
    }
    requirePublishing(order);
    requireTransitions(order);
    return find(caller, id)
        .compose(
            replay ->
                Future.all(requests.of(id), playing(replay, order))
                    .compose(
                        read -> {
                          List<ReplayRequest> last = read.resultAt(0);
                          ReplayRequest before = ReplayRequests.asked(replay, last);
                          ReplayRequest request =
                              order.over(
                                  before.revised(ReplayRequests.nextRevision(replay, last)),
                                  read.resultAt(1),
                                  caller.name(),
                                  Positions.of(clock.instant()));
                          return checks
                              .check(request, order, before)
                              .compose(v -> requests.send(request))
                              .map(v -> view(replay, request));
                        }));
  }

  /** Asks that work on a replay end; completes with it as it is now. */
  private Future<ObjectNode> stop(Caller caller, String id) {
    return end(caller, id, ReplayRequest.Kind.CANCEL);
  }

  /** Asks that a replay be deleted; completes with it as it is now. */
  Future<ObjectNode> delete(Caller caller, String id) {
    return end(caller, id, ReplayRequest.Kind.DELETE);
  }

  private Future<ObjectNode> end(Caller caller, String id, ReplayRequest.Kind kind) {
    return find(caller, id)
        .compose(
            replay ->
                requests
                    .of(id)
                    .compose(
                        last -> {
                          if (!last.isEmpty() && last.get(0).kind() == kind) {
                            return Future.succeededFuture();
                          }
                          return requests.send(
                              new ReplayRequest(
                                  id,
                                  kind,
                                  replay.title(),
                                  null,
                                  ReplayRequests.asked(replay, last).mp4(),
                                  caller.name(),
                                  Positions.of(clock.instant()),
                                  ReplayRequests.nextRevision(replay, last)));
                        })
                    .map(v -> views.replay(replay)));
  }

  private void requirePublishing(ReplayOrder order) {
    if (Boolean.TRUE.equals(order.publish()) && !publishes) {
      throw Problem.of(
              422, "Nothing is published here: 'publish.to' in the configuration says where to.")
          .at("publish");
    }
  }

  private void requireTransitions(ReplayOrder order) {
    if (order.transitions() != null) {
      transitions.require(order.transitions());
    }
  }

  private void requireStreams(Caller caller, ReplayRequest.Selection selection) {
    for (String stream : selection.streams()) {
      caller.requireStream(stream);
      catalog.require(stream);
    }
  }

  /** The segments of the reel as it plays now, in order; only read when two change places. */
  private Future<List<String>> playing(Replay replay, ReplayOrder order) {
    if (order.decide() == null || order.decide().swap().isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return decisions
        .all(
            StoreKeys.replayItems(replay.id()),
            ReplayItem.fromSort(replay.version()),
            ReplayItem.toSort(replay.version()))
        .map(
            found ->
                found.stream()
                    .filter(ReplayItem::included)
                    .sorted(Comparator.comparingInt(ReplayItem::order))
                    .map(ReplayItem::segment)
                    .toList());
  }

  private ObjectNode view(Replay replay, ReplayRequest request) {
    ObjectNode node = views.replay(replay);
    node.set("rules", Json.MAPPER.valueToTree(request.rulesOrAll()));
    node.put("askedRevision", request.revision());
    node.set("transitions", Json.MAPPER.valueToTree(request.transitionsOrNone()));
    return node;
  }

  /** A replay that the caller sees; fails with {@link Problem} 404. */
  Future<Replay> find(Caller caller, String id) {
    return replays
        .find(StoreKeys.REPLAYS, id)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found)
                    : requests
                        .of(id)
                        .map(
                            last ->
                                last.stream()
                                    .findFirst()
                                    .filter(request -> request.kind().makes())
                                    .map(ReplayRequests::pending)))
        .compose(
            found ->
                found
                    .filter(replay -> sees(caller, replay) && isThere(replay))
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                Problem.notFound("There is no replay '" + id + "'."))));
  }
}
