package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.TransitionNames;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamEntry;
import io.sightline.ingestgateway.streams.StreamRequest;
import io.sightline.ingestgateway.streams.StreamView;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.StreamSpec;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** The operations of the OpenAPI file that answer with JSON, by operation id. */
public final class ControlRoutes {

  private static final int DEFAULT_LIMIT = 50;

  private final Access access;
  private final StreamCatalog catalog;
  private final StreamView streams;
  private final RecordingsView recordings;
  private final Results results;
  private final Edits edits;
  private final Replays replays;
  private final ReplayJobs jobs;
  private final Views views;
  private final RenditionRequests renditions;
  private final TransitionNames transitions;
  private final Clock clock;

  public ControlRoutes(
      Access access,
      StreamCatalog catalog,
      StreamView streams,
      RecordingsView recordings,
      RecordStore store,
      Writer writer,
      Views views,
      Clock clock,
      ObjectStore objects,
      Declared declared) {
    this.access = access;
    this.catalog = catalog;
    this.streams = streams;
    this.recordings = recordings;
    this.results = new Results(store, views, clock);
    this.edits = new Edits(results, writer, clock);
    this.transitions = declared.transitions();
    this.replays =
        new Replays(
            store, catalog, writer, views, clock, recordings, declared.publishes(), transitions);
    this.jobs = new ReplayJobs(replays, store, objects, writer, clock, declared.encoding());
    this.views = views;
    this.renditions =
        new RenditionRequests(
            results, replays, new Renditions(store), writer, clock, views.wantsRenditions());
    this.clock = clock;
  }

  /** What handles each operation; requests come validated. */
  public Map<String, Consumer<RoutingContext>> operations() {
    return Map.ofEntries(
        Map.entry("openSession", this::openSession),
        Map.entry("getSession", c -> Answers.json(c, 200, session(Access.caller(c)))),
        Map.entry("closeSession", this::closeSession),
        Map.entry("getStatus", this::status),
        Map.entry("listProfiles", this::profiles),
        Map.entry("listStreams", this::listStreams),
        Map.entry("getStream", c -> answer(c, 200, streams.of(stream(c)))),
        Map.entry("putStream", this::putStream),
        Map.entry("deleteStream", this::deleteStream),
        Map.entry("getRecordings", this::recordings),
        Map.entry("listFrames", c -> answer(c, 200, results.frames(request(c)))),
        Map.entry(
            "listSegments", c -> answer(c, 200, results.segments(request(c), query(c, "label")))),
        Map.entry(
            "getSegment", c -> answer(c, 200, results.segment(Access.caller(c), path(c, "id")))),
        Map.entry(
            "editSegment",
            c -> answer(c, 202, edits.edit(Access.caller(c), path(c, "id"), body(c)))),
        Map.entry(
            "deleteSegment", c -> answer(c, 202, edits.remove(Access.caller(c), path(c, "id")))),
        Map.entry("listClips", c -> answer(c, 200, results.clips(request(c), query(c, "segment")))),
        Map.entry("getClip", c -> answer(c, 200, results.clip(Access.caller(c), path(c, "id")))),
        Map.entry(
            "makeClipRenditions",
            c -> answer(c, 202, renditions.ofClip(Access.caller(c), path(c, "id")))),
        Map.entry(
            "makeReplayRenditions",
            c -> answer(c, 202, renditions.ofReplay(Access.caller(c), path(c, "replay")))),
        Map.entry(
            "estimateReplayJob",
            c -> answer(c, 200, jobs.estimate(Access.caller(c), path(c, "replay")))),
        Map.entry(
            "makeReplayJob",
            c -> answer(c, 202, jobs.ask(Access.caller(c), path(c, "replay"), views))),
        Map.entry(
            "cancelReplayJob",
            c -> answer(c, 202, jobs.cancel(Access.caller(c), path(c, "replay"), views))),
        Map.entry("listAlerts", c -> answer(c, 200, results.alerts(request(c)))),
        Map.entry("getAlert", c -> answer(c, 200, results.alert(Access.caller(c), path(c, "id")))),
        Map.entry(
            "listReplays",
            c -> answer(c, 200, replays.list(Access.caller(c), limit(c), cursor(c)))),
        Map.entry("listTransitions", this::transitions),
        Map.entry("requestReplay", this::requestReplay),
        Map.entry(
            "getReplay", c -> answer(c, 200, replays.one(Access.caller(c), path(c, "replay")))),
        Map.entry(
            "changeReplay",
            c ->
                answer(
                    c,
                    202,
                    replays.change(
                        Access.caller(c), path(c, "replay"), ReplayOrder.read(body(c))))),
        Map.entry(
            "deleteReplay",
            c -> answer(c, 202, replays.delete(Access.caller(c), path(c, "replay")))),
        Map.entry(
            "listReplayItems",
            c ->
                answer(
                    c,
                    200,
                    replays.items(Access.caller(c), path(c, "replay"), limit(c), cursor(c)))));
  }

  /** A replay that the caller sees; fails with {@link Problem} 404. */
  public Future<Replay> replay(Caller caller, String id) {
    return replays.find(caller, id);
  }

  private void openSession(RoutingContext context) {
    Caller caller = access.signIn(context, body(context).get("token").textValue());
    Answers.json(context, 200, session(caller));
  }

  private void closeSession(RoutingContext context) {
    access.signOut(context);
    context.response().setStatusCode(204).end();
  }

  private static ObjectNode session(Caller caller) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.put("name", caller.name());
    body.put("scope", caller.scope().id());
    body.set("streams", Json.MAPPER.valueToTree(caller.streams().stream().sorted().toList()));
    return body;
  }

  private void status(RoutingContext context) {
    answer(
        context,
        200,
        eachStream(context, streams::status)
            .map(
                items -> {
                  ObjectNode body = Json.MAPPER.createObjectNode();
                  body.put("atMicros", Positions.of(clock.instant()));
                  body.set("streams", items);
                  return body;
                }));
  }

  private void profiles(RoutingContext context) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.set("items", Json.MAPPER.valueToTree(List.copyOf(catalog.profiles())));
    Answers.json(context, 200, body);
  }

  private void transitions(RoutingContext context) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.set("clips", Json.MAPPER.valueToTree(new TreeSet<>(transitions.clips())));
    body.set("pictures", Json.MAPPER.valueToTree(new TreeSet<>(transitions.pictures())));
    Answers.json(context, 200, body);
  }

  private void listStreams(RoutingContext context) {
    answer(
        context,
        200,
        eachStream(context, streams::of)
            .map(
                items -> {
                  ObjectNode body = Json.MAPPER.createObjectNode();
                  body.set("items", items);
                  body.putNull("next");
                  return body;
                }));
  }

  private Future<ArrayNode> eachStream(
      RoutingContext context, Function<StreamEntry, Future<ObjectNode>> view) {
    Caller caller = Access.caller(context);
    List<Future<ObjectNode>> all = new ArrayList<>();
    for (StreamEntry entry : catalog.all()) {
      if (caller.sees(entry.spec().name())) {
        all.add(view.apply(entry));
      }
    }
    return Future.all(all)
        .map(
            done -> {
              ArrayNode items = Json.MAPPER.createArrayNode();
              done.<ObjectNode>list().forEach(items::add);
              return items;
            });
  }

  private void putStream(RoutingContext context) {
    String name = path(context, "stream");
    Access.caller(context).requireStream(name);
    StreamSpec spec = StreamRequest.read(name, body(context));
    catalog
        .put(spec)
        .compose(
            made ->
                streams
                    .of(catalog.require(name))
                    .onSuccess(view -> Answers.json(context, made ? 201 : 200, view)))
        .onFailure(context::fail);
  }

  /** Also of a stream that was removed: what it left behind is still there. */
  private void recordings(RoutingContext context) {
    String name = path(context, "stream");
    Access.caller(context).requireStream(name);
    String from = query(context, "from");
    String to = query(context, "to");
    long fromMicros = from == null ? 0 : position("from", from);
    Long toMicros = to == null ? null : Long.valueOf(position("to", to));
    if (toMicros != null && toMicros <= fromMicros) {
      throw Problem.of(400, "'to' must lie after 'from'.");
    }
    answer(
        context,
        200,
        recordings
            .of(name, query(context, "run"), fromMicros, toMicros)
            .map(
                found ->
                    found.orElseThrow(
                        () -> Problem.notFound("Nothing of '" + name + "' was recorded yet."))));
  }

  private void deleteStream(RoutingContext context) {
    String name = path(context, "stream");
    Access.caller(context).requireStream(name);
    catalog
        .remove(name)
        .onSuccess(v -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }

  private void requestReplay(RoutingContext context) {
    ReplayOrder order = ReplayOrder.read(body(context));
    answer(
        context,
        202,
        replays
            .create(Access.caller(context), order)
            .onSuccess(
                replay ->
                    context
                        .response()
                        .putHeader("Location", "/api/v1/replays/" + replay.get("id").asText())));
  }

  private StreamEntry stream(RoutingContext context) {
    String name = path(context, "stream");
    Access.caller(context).requireStream(name);
    return catalog.require(name);
  }

  private static void answer(RoutingContext context, int status, Future<ObjectNode> result) {
    Answers.json(context, status, result, node -> node);
  }

  private ListRequest request(RoutingContext context) {
    String stream = query(context, "stream");
    if (stream != null && catalog.find(stream).isEmpty()) {
      // What a removed stream left behind is still there for those who may see it.
      Access.caller(context).requireStream(stream);
    }
    String from = query(context, "from");
    String to = query(context, "to");
    return new ListRequest(
        Access.caller(context),
        stream,
        query(context, "run"),
        from == null ? 0 : position("from", from),
        to == null ? null : Long.valueOf(position("to", to)),
        limit(context),
        cursor(context));
  }

  static long position(String name, String text) {
    if (!text.matches("\\d{1,16}")) {
      throw Problem.of(400, "'" + name + "' is microseconds since 1970, not '" + text + "'.");
    }
    return Long.parseLong(text);
  }

  private static int limit(RoutingContext context) {
    String text = query(context, "limit");
    return text == null ? DEFAULT_LIMIT : Integer.parseInt(text);
  }

  private static Cursor cursor(RoutingContext context) {
    return Cursor.decode(query(context, "cursor"));
  }

  static String query(RoutingContext context, String name) {
    MultiMap query = context.queryParams();
    String value = query.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  private static String path(RoutingContext context, String name) {
    return context.pathParam(name);
  }

  private static JsonNode body(RoutingContext context) {
    try {
      return Json.MAPPER.readTree(context.body().buffer().getBytes());
    } catch (IOException e) {
      throw Problem.of(
          400, "The body is no JSON, or nested deeper than " + Json.MAX_DEPTH + " levels.");
    }
  }
}
