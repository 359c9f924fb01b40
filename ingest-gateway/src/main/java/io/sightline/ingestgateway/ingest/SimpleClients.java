package io.sightline.ingestgateway.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamEntry;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.MediaException;
import io.sightline.media.cmaf.WrittenChunk;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochAxis;
import io.sightline.records.EpochInfo;
import io.sightline.records.FrameInfo;
import io.sightline.records.Ids;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * One frame or one chunk by a plain POST. The gateway plays the agent: an epoch begins with the
 * first item of a stream, goes on while items follow, and ends after half a minute of silence.
 * Items of one stream are taken one after the other. On one event loop.
 */
final class SimpleClients {

  private static final String AGENT = "post";
  private static final String RUN = "live";
  private static final long IDLE_MILLIS = 30_000;
  private static final int MAX_QUEUED = 32;
  private static final long CONTINUES_MICROS = 10 * Positions.MICROS_PER_SECOND;
  private static final long SLACK_MICROS = 500_000;

  private static final class Client {
    Future<Void> tail = Future.succeededFuture();
    int queued;
    SimpleEpoch epoch;
    EpochAxis axis;
    long endMicros = -1;
  }

  private final Vertx vertx;
  private final StreamCatalog catalog;
  private final EpochLedger ledger;
  private final EpochRegistry registry;
  private final EpochIntake.Parts parts;
  private final Clock clock;
  private final Map<String, Client> clients = new HashMap<>();

  SimpleClients(
      Vertx vertx,
      StreamCatalog catalog,
      EpochLedger ledger,
      EpochRegistry registry,
      EpochIntake.Parts parts,
      Clock clock) {
    this.vertx = vertx;
    this.catalog = catalog;
    this.ledger = ledger;
    this.registry = registry;
    this.parts = parts;
    this.clock = clock;
  }

  void frame(RoutingContext routing) {
    StreamEntry entry = stream(routing);
    Buffer jpeg = body(routing);
    JpegHeader header;
    try {
      header = JpegHeader.of(jpeg);
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, e.getMessage() + ".");
    }
    Long asked = position(routing);
    long position = asked == null ? Positions.of(clock.instant()) : asked;
    answer(routing, inTurn(entry, client -> frame(entry, client, jpeg, header, position)));
  }

  void chunk(RoutingContext routing) {
    StreamEntry entry = stream(routing);
    Buffer body = body(routing);
    Long position = position(routing);
    answer(routing, inTurn(entry, client -> chunk(entry, client, body, position)));
  }

  /** Ends the epochs of those who have been silent for long. */
  void endIdle() {
    clients
        .values()
        .forEach(
            client -> {
              SimpleEpoch epoch = client.epoch;
              if (epoch != null && client.queued == 0 && epoch.idleFor(IDLE_MILLIS)) {
                client.queued++;
                client.tail =
                    end(client, "Nothing was posted for 30 s.")
                        .onComplete(v -> client.queued--)
                        .transform(v -> Future.succeededFuture());
              }
            });
    clients.values().removeIf(client -> client.epoch == null && client.queued == 0);
  }

  Future<Void> close() {
    List<Future<Void>> all = new ArrayList<>();
    clients
        .values()
        .forEach(
            client -> all.add(client.tail.transform(v -> end(client, "The gateway was stopped."))));
    return Future.join(all).mapEmpty();
  }

  /** What was stored of a post. */
  private record Posted(String epoch, long sequence, long positionMicros) {}

  private interface Work {
    Future<Posted> on(Client client);
  }

  private Future<Posted> inTurn(StreamEntry entry, Work work) {
    String stream = entry.spec().name();
    Client client = clients.computeIfAbsent(stream, name -> new Client());
    if (client.queued >= MAX_QUEUED) {
      return Future.failedFuture(
          Problem.of(429, "More is posted to '" + stream + "' than can be stored; slow down."));
    }
    client.queued++;
    Future<Posted> done =
        client.tail.transform(v -> work.on(client)).onComplete(v -> client.queued--);
    client.tail = done.transform(v -> Future.succeededFuture());
    return done;
  }

  private Future<Posted> frame(
      StreamEntry entry, Client client, Buffer jpeg, JpegHeader header, long position) {
    if (client.epoch != null && !client.epoch.over() && position <= client.epoch.lastMicros()) {
      return Future.failedFuture(
          Problem.of(
              409,
              "The position "
                  + position
                  + " does not lie after the frame before, "
                  + client.epoch.lastMicros()
                  + "."));
    }
    return epoch(entry, client, position)
        .compose(
            epoch -> {
              EpochInfo info = epoch.info();
              FrameInfo frame =
                  new FrameInfo(
                      info.stream(),
                      info.epoch(),
                      info.run(),
                      epoch.next(),
                      position,
                      Positions.of(clock.instant()),
                      header.width(),
                      header.height(),
                      jpeg.length(),
                      true);
              epoch.reached(position, position);
              return epoch
                  .offer(new IngestItem(frame, jpeg))
                  .map(new Posted(info.epoch(), frame.sequence(), position));
            });
  }

  private Future<Posted> chunk(StreamEntry entry, Client client, Buffer body, Long asked) {
    String stream = entry.spec().name();
    // What the worker may decide with is read here, on the event loop.
    EpochAxis axis = client.epoch == null || client.epoch.over() ? null : client.axis;
    String current = axis == null ? null : client.epoch.info().epoch();
    long end = client.epoch == null ? client.endMicros : client.epoch.endMicros();
    long start = asked != null ? asked : end >= 0 ? end : Positions.of(clock.instant());
    byte[] bytes = body.getBytes();
    Callable<Remux.Result> remux =
        () ->
            Remux.of(
                bytes,
                stream,
                (track, firstPts) -> {
                  if (axis != null) {
                    long there = axis.in(track.timeBase()).positionMicros(firstPts);
                    boolean follows =
                        there >= end - SLACK_MICROS && there <= end + CONTINUES_MICROS;
                    if (follows && (asked == null || Math.abs(there - asked) <= SLACK_MICROS)) {
                      return new Remux.Place(current, axis.in(track.timeBase()));
                    }
                  }
                  return new Remux.Place(
                      Ids.epoch(start, AGENT), new EpochAxis(start, firstPts, track.timeBase()));
                });
    return vertx
        .executeBlocking(remux, false)
        .recover(failure -> Future.failedFuture(unreadable(failure)))
        .compose(result -> place(entry, client, result, current, start));
  }

  private Future<Posted> place(
      StreamEntry entry, Client client, Remux.Result result, String current, long start) {
    if (result.chunks().isEmpty()) {
      return Future.failedFuture(Problem.of(400, "The body holds no complete picture."));
    }
    boolean goesOn =
        current != null
            && result.inits().stream().allMatch(init -> init.key().contains("/" + current + "/"));
    Future<SimpleEpoch> epoch =
        goesOn
            ? Future.succeededFuture(client.epoch)
            : end(client, "Other media follows.").compose(v -> begin(entry, client, start));
    return epoch.compose(
        open -> {
          client.axis = result.axis();
          return send(open, result);
        });
  }

  private Future<Posted> send(SimpleEpoch epoch, Remux.Result result) {
    EpochInfo info = epoch.info();
    long first = result.chunks().get(0).positionMicros();
    List<Future<Void>> sent = new ArrayList<>();
    for (Remux.Init init : result.inits()) {
      InitPart part =
          new InitPart(
              info.stream(),
              info.epoch(),
              info.run(),
              epoch.next(),
              first,
              init.track(),
              init.key());
      sent.add(epoch.offer(new IngestItem(part, Buffer.buffer(init.content()))));
    }
    long last = 0;
    for (WrittenChunk written : result.chunks()) {
      last = epoch.next();
      ChunkInfo chunk = chunkInfo(info, written, last);
      epoch.reached(chunk.positionMicros(), chunk.endMicros());
      sent.add(epoch.offer(new IngestItem(chunk, Buffer.buffer(written.content()))));
    }
    return Future.all(sent).map(new Posted(info.epoch(), last, first));
  }

  private ChunkInfo chunkInfo(EpochInfo info, WrittenChunk written, long sequence) {
    return new ChunkInfo(
        info.stream(),
        info.epoch(),
        info.run(),
        sequence,
        written.positionMicros(),
        written.durationMicros(),
        Positions.of(clock.instant()),
        Ids.chunkKey(info.stream(), info.epoch(), sequence),
        written.content().length,
        written.tracks(),
        written.fragments());
  }

  /** The epoch that goes on, or a new one from {@code startMicros}. */
  private Future<SimpleEpoch> epoch(StreamEntry entry, Client client, long startMicros) {
    return client.epoch != null && !client.epoch.over()
        ? Future.succeededFuture(client.epoch)
        : begin(entry, client, startMicros);
  }

  private Future<SimpleEpoch> begin(StreamEntry entry, Client client, long startMicros) {
    String stream = entry.spec().name();
    if (client.epoch != null) {
      client.endMicros = client.epoch.endMicros();
      registry.gone(client.epoch.intake());
      client.epoch = null;
    }
    if (registry.find(stream, RUN).isPresent()) {
      return Future.failedFuture(
          Problem.of(409, "The stream '" + stream + "' is being captured by an agent."));
    }
    EpochInfo asked =
        new EpochInfo(
            stream,
            Ids.epoch(startMicros, AGENT),
            RUN,
            AGENT,
            startMicros,
            null,
            0,
            -1,
            false,
            null,
            0);
    return ledger
        .open(asked)
        .compose(
            held -> {
              if (held.info().acknowledged() >= 0) {
                return Future.failedFuture(
                    Problem.of(409, "There are items from this position on already."));
              }
              SimpleEpoch epoch =
                  new SimpleEpoch(
                      parts, held, () -> catalog.find(stream).orElse(entry).profile(), clock);
              client.epoch = epoch;
              registry.add(epoch.intake());
              epoch.intake().note();
              client.axis = null;
              return epoch.begin().map(epoch);
            });
  }

  private Future<Void> end(Client client, String reason) {
    SimpleEpoch epoch = client.epoch;
    if (epoch == null) {
      return Future.succeededFuture();
    }
    client.endMicros = epoch.endMicros();
    client.epoch = null;
    Future<Void> ended = epoch.over() ? Future.succeededFuture() : epoch.end(reason);
    return ended.transform(v -> registry.gone(epoch.intake()));
  }

  private void answer(RoutingContext routing, Future<Posted> posted) {
    Answers.json(
        routing,
        201,
        posted.recover(failure -> Future.failedFuture(problem(failure))),
        done -> Json.MAPPER.<ObjectNode>valueToTree(done));
  }

  private static Throwable problem(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      int status =
          switch (refusal.code()) {
            case Refusal.FENCED -> 409;
            case Refusal.TOO_LARGE -> 413;
            case Refusal.TROUBLE -> 503;
            default -> 400;
          };
      return Problem.of(status, refusal.getMessage());
    }
    return failure;
  }

  private static Throwable unreadable(Throwable failure) {
    if (failure instanceof MediaException media) {
      return Problem.of(415, "The body cannot be taken as media: " + media.getMessage() + ".");
    }
    return failure instanceof IOException ? Refusal.trouble(failure) : failure;
  }

  private StreamEntry stream(RoutingContext routing) {
    String stream = routing.pathParam("stream");
    Access.caller(routing).requireStream(stream);
    return catalog.require(stream);
  }

  private static Buffer body(RoutingContext routing) {
    Buffer body = routing.body().buffer();
    if (body == null || body.length() == 0) {
      throw Problem.of(400, "The request has no body.");
    }
    return body;
  }

  private static Long position(RoutingContext routing) {
    String text = routing.request().getParam("position");
    if (text == null) {
      return null;
    }
    if (!text.matches("\\d{1,16}")) {
      throw Problem.of(400, "'position' is microseconds since 1970, not '" + text + "'.");
    }
    return Long.parseLong(text);
  }
}
