package io.sightline.ingestgateway.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.lists.Views;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamView;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Alert;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Marker;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.Segment;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Tells clients what is written to the topics, as it is written. Used on one event loop. */
public final class LiveUpdates implements Handler<RoutingContext> {

  /** What must be read for this. */
  public static final Set<Topic> TOPICS =
      Set.of(
          Topic.CHUNKS,
          Topic.DETECTIONS,
          Topic.SEGMENTS,
          Topic.CLIPS,
          Topic.RENDITIONS,
          Topic.REPLAYS,
          Topic.REPLAY_JOBS,
          Topic.ALERTS);

  private static final Set<String> TYPES =
      Set.of(
          "detections",
          "segment",
          "clip",
          "rendition",
          "replay",
          "replay-job",
          "alert",
          "chunk",
          "stream");
  private static final int MAX_CLIENTS = 1_000;
  private static final long HEARTBEAT_MILLIS = 15_000;

  /** Without Kafka a client is welcome all the same; it hears when Kafka is back. */
  private static final long WELCOME_MILLIS = 2_000;

  /** Reads the topics for as long as somebody listens. */
  public interface Source {
    /** Completes when everything that is written from then on will be told. */
    Future<Void> follow();

    void rest();
  }

  private final Vertx vertx;
  private final StreamCatalog catalog;
  private final StreamView streams;
  private final Views views;
  private final int queue;
  private final Counter dropped;
  private final Set<LiveClient> clients = new LinkedHashSet<>();
  private final long heartbeat;
  private Source source;
  private long lastId;

  public LiveUpdates(
      Vertx vertx,
      StreamCatalog catalog,
      StreamView streams,
      Views views,
      int queue,
      MeterRegistry meters) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.streams = streams;
    this.views = views;
    this.queue = queue;
    this.dropped = meters.counter("sightline.live.dropped");
    meters.gaugeCollectionSize("sightline.live.clients", List.of(), clients);
    this.heartbeat =
        vertx.setPeriodic(HEARTBEAT_MILLIS, id -> clients.forEach(LiveClient::heartbeat));
    catalog.watch(this::streamsChanged);
  }

  /** Where records come from; before the first client. */
  public void from(Source records) {
    source = records;
    if (clients.isEmpty()) {
      source.rest();
    }
  }

  @Override
  public void handle(RoutingContext context) {
    Set<String> types = names(context, "types");
    if (!TYPES.containsAll(types)) {
      throw Problem.of(
          400, "'types' are some of " + TYPES.stream().sorted().toList() + ", with commas.");
    }
    Set<String> wanted = names(context, "stream");
    wanted.forEach(Access.caller(context)::requireStream);
    if (clients.size() >= MAX_CLIENTS) {
      throw Problem.of(503, "Too many listen already; try again later.");
    }
    HttpServerResponse response = context.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        // nginx would hold events back.
        .putHeader("X-Accel-Buffering", "no");
    LiveClient client = new LiveClient(response, Access.caller(context), types, wanted, queue);
    clients.add(client);
    response.closeHandler(v -> gone(client));
    response.exceptionHandler(failure -> gone(client));
    source
        .follow()
        .timeout(WELCOME_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(
            followed -> {
              if (clients.contains(client)) {
                response.write("retry: 2000\n: welcome\n\n");
              }
            });
  }

  private void gone(LiveClient client) {
    clients.remove(client);
    if (clients.isEmpty()) {
      source.rest();
    }
  }

  /** A record that was written just now. */
  public void accept(InRecord record) {
    if (clients.isEmpty()) {
      return;
    }
    switch (record.topic()) {
      case CHUNKS -> item(record.item());
      case DETECTIONS -> item(record.item());
      case SEGMENTS -> {
        Segment segment = record.as(Segment.class);
        if (!Ids.namesCut(segment.classifier())) {
          tell("segment", segment.stream(), () -> views.segment(segment));
        }
      }
      case CLIPS -> {
        Clip clip = record.as(Clip.class);
        tell("clip", clip.stream(), () -> views.clip(clip));
      }
      case RENDITIONS -> {
        Rendition rendition = record.as(Rendition.class);
        tell("rendition", rendition.stream(), () -> Views.rendition(rendition));
      }
      case ALERTS -> {
        Alert alert = record.as(Alert.class);
        tell("alert", alert.stream(), () -> views.alert(alert));
      }
      case REPLAYS -> {
        Replay replay = record.as(Replay.class);
        Set<String> of =
            replay.selection() == null ? Set.of() : Set.copyOf(replay.selection().streams());
        tell(new LiveEvent("replay", of, () -> views.replay(replay)));
      }
      case REPLAY_JOBS -> {
        ReplayJob job = record.as(ReplayJob.class);
        Set<String> of = Set.copyOf(job.streams());
        tell(new LiveEvent("replay-job", of, () -> views.replayJob(job)));
      }
      default -> {}
    }
  }

  public void close() {
    vertx.cancelTimer(heartbeat);
    List.copyOf(clients).forEach(LiveClient::close);
    clients.clear();
  }

  private void item(StreamItem item) {
    if (item instanceof FrameDetections frame) {
      tell("detections", frame.stream(), () -> views.frame(frame));
    } else if (item instanceof ChunkInfo chunk) {
      tell("chunk", chunk.stream(), () -> views.chunk(chunk));
    } else if (item instanceof Marker marker && marker.lane() == io.sightline.records.Lane.CHUNKS) {
      streamChanged(marker.stream());
    }
  }

  private void streamsChanged() {
    catalog.all().forEach(entry -> streamChanged(entry.spec().name()));
  }

  /** Tells of a stream that stands otherwise than before. */
  public void streamChanged(String stream) {
    if (clients.isEmpty()) {
      return;
    }
    catalog
        .find(stream)
        .ifPresent(
            entry -> streams.of(entry).onSuccess(view -> tell("stream", stream, () -> view)));
  }

  private void tell(String type, String stream, Supplier<ObjectNode> data) {
    tell(new LiveEvent(type, Set.of(stream), data));
  }

  private void tell(LiveEvent event) {
    long id = ++lastId;
    for (LiveClient client : clients) {
      if (client.wants(event)) {
        dropped.increment(client.send(event.text(id)));
      }
    }
  }

  private static Set<String> names(RoutingContext context, String name) {
    String text = context.request().getParam(name);
    if (text == null || text.isBlank()) {
      return Set.of();
    }
    return Arrays.stream(text.split(",")).map(String::strip).collect(Collectors.toSet());
  }
}
