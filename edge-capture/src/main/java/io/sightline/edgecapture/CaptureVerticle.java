package io.sightline.edgecapture;

import io.sightline.edgecapture.rtmp.RtmpTarget;
import io.sightline.records.CaptureReport;
import io.sightline.records.StreamAssignment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An agent: captures the streams that the gateway assigns to it, or its configuration. Starts
 * whether or not what it sends to is there, and goes on when that goes away.
 */
public final class CaptureVerticle extends VerticleBase {

  private final CaptureConfig config;
  private final CaptureEnds ends;
  private final CaptureClock clock;
  private final Timing timing;
  private final Map<String, StreamCapture> captures = new ConcurrentHashMap<>();
  private final Map<String, Promise<FileResult>> done = new ConcurrentHashMap<>();
  private final Map<String, Future<Void>> stopping = new HashMap<>();
  private Map<String, StreamAssignment> wanted = Map.of();

  /** Null without a gateway. */
  private GatewayApi api;

  /** Null when streams are declared: nobody asks for them. */
  private Reports reports;

  /** Null when the gateway is sent to. */
  private BatchSinks batches;

  private Sinks sinks;
  private RtmpTarget rtmp;
  private volatile Assignments assignments;

  public CaptureVerticle(CaptureConfig config) {
    this(config, CaptureEnds.GATEWAY);
  }

  /**
   * @throws IllegalArgumentException when a gateway is needed and there is none
   */
  public CaptureVerticle(CaptureConfig config, CaptureEnds ends) {
    this(config, ends, CaptureClock.system(), Timing.DEFAULT);
  }

  CaptureVerticle(CaptureConfig config, CaptureClock clock, Timing timing) {
    this(config, CaptureEnds.GATEWAY, clock, timing);
  }

  CaptureVerticle(CaptureConfig config, CaptureEnds ends, CaptureClock clock, Timing timing) {
    if (config.gateway() == null && ends.needGateway()) {
      throw new IllegalArgumentException(
          "Capture needs a gateway, or streams and another place to send them to");
    }
    this.config = config;
    this.ends = ends;
    this.clock = clock;
    this.timing = timing;
  }

  @Override
  public Future<?> start() {
    rtmp = new RtmpTarget(vertx, config.rtmp());
    if (ends.needGateway()) {
      api = new GatewayApi(vertx, config, timing);
    }
    if (ends.service() != null) {
      batches = new BatchSinks(vertx, context, ends.service(), timing);
    }
    sinks = batches != null ? batches : new GatewaySinks(vertx, context, api, config, timing);
    assignments =
        ends.streams() != null
            ? new DeclaredAssignments(ends.streams())
            : new GatewayAssignments(vertx, api, config.agent(), timing);
    assignments.start(this::assigned);
    if (ends.streams() == null) {
      reports = new Reports(vertx, api, config.agent(), timing, this::reports);
      reports.start();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    assignments.stop();
    if (reports != null) {
      reports.stop();
    }
    wanted = Map.of();
    List<Future<Void>> all = new ArrayList<>(stopping.values());
    captures.values().forEach(capture -> all.add(capture.stop()));
    return Future.join(all)
        .otherwiseEmpty()
        .compose(stopped -> rtmp.close())
        .eventually(() -> batches == null ? Future.succeededFuture() : batches.close())
        .eventually(() -> api == null ? Future.succeededFuture() : api.close());
  }

  /** How each stream stands, by name. Any thread. */
  public List<CaptureStatus> statuses() {
    return captures.values().stream()
        .map(StreamCapture::status)
        .sorted(Comparator.comparing(CaptureStatus::stream))
        .toList();
  }

  /**
   * The last trouble with asking for assignments, as a sentence; null when it works. Any thread.
   */
  public String assignmentTrouble() {
    Assignments asked = assignments;
    return asked == null ? null : asked.trouble();
  }

  /**
   * What keeps items from where they are sent to, as a sentence, of any of the streams; null when
   * nothing does. Any thread.
   */
  public String sinkTrouble() {
    return statuses().stream()
        .filter(status -> !status.gatewayReached() && status.gatewayReason() != null)
        .map(CaptureStatus::gatewayReason)
        .findFirst()
        .orElse(null);
  }

  /**
   * Completes when the file of a stream is worked off and the gateway has acknowledged all of it;
   * fails with a {@link CaptureException} when that cannot be, {@code STOPPED} when the stream is
   * taken away or changed before. May be asked for before the stream is assigned. Any thread.
   */
  public Future<FileResult> fileDone(String stream) {
    return promise(stream).future();
  }

  private List<CaptureReport> reports() {
    return captures.values().stream().map(StreamCapture::report).toList();
  }

  private void assigned(Map<String, StreamAssignment> streams, Set<String> unclear) {
    Map<String, StreamAssignment> next = new HashMap<>(streams);
    next.values().removeIf(assignment -> !ends.share().takes(assignment));
    unclear.forEach(
        name -> {
          if (wanted.containsKey(name)) {
            next.putIfAbsent(name, wanted.get(name));
          }
        });
    wanted = next;
    List.copyOf(captures.keySet()).stream()
        .filter(name -> !wanted.containsKey(name))
        .forEach(this::remove);
    wanted.forEach(this::settle);
  }

  /** Brings one stream to what is wanted of it. */
  private void settle(String name, StreamAssignment assignment) {
    if (stopping.containsKey(name)) {
      return;
    }
    StreamCapture running = captures.get(name);
    if (running == null) {
      begin(name, assignment);
    } else if (running.takesOn(assignment)) {
      running.change(assignment);
    } else {
      remove(name);
    }
  }

  private void begin(String name, StreamAssignment assignment) {
    StreamCapture capture =
        new StreamCapture(vertx, config, clock, timing, sinks, rtmp, assignment);
    captures.put(name, capture);
    Promise<FileResult> promise = promise(name);
    capture
        .done()
        .onComplete(
            result -> {
              if (result.succeeded()) {
                promise.tryComplete(result.result());
              } else {
                promise.tryFail(result.cause());
              }
            });
    capture.start();
  }

  /** Stops a stream; once it has stopped, what is wanted of it by then begins. */
  private void remove(String name) {
    StreamCapture capture = captures.get(name);
    if (stopping.containsKey(name)) {
      return;
    }
    Promise<Void> removed = Promise.promise();
    stopping.put(name, removed.future());
    capture
        .stop()
        .onComplete(
            stopped ->
                context.runOnContext(
                    now -> {
                      stopping.remove(name);
                      captures.remove(name);
                      done.remove(name);
                      StreamAssignment again = wanted.get(name);
                      if (again != null) {
                        begin(name, again);
                      }
                      removed.complete();
                    }));
  }

  private Promise<FileResult> promise(String stream) {
    return done.computeIfAbsent(Objects.requireNonNull(stream), name -> Promise.promise());
  }
}
