package io.sightline.edgecapture;

import io.micrometer.core.instrument.Metrics;
import io.sightline.edgecapture.CaptureException.Reason;
import io.sightline.edgecapture.rtmp.RtmpSlot;
import io.sightline.edgecapture.rtmp.RtmpTarget;
import io.sightline.edgecapture.spool.Spool;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.CaptureReport;
import io.sightline.records.CaptureState;
import io.sightline.records.StreamAssignment;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures one stream: its reading threads, its outbox, its sink. Started and stopped on the
 * context.
 */
final class StreamCapture {

  private static final Logger LOG = LoggerFactory.getLogger(StreamCapture.class);

  /** A thread that is opening a source may not hear an interrupt; nobody waits for it longer. */
  private static final Duration THREAD_PATIENCE = Duration.ofMillis(1_500);

  /** For silence, and for what must outlive a power failure: at most so much is lost then. */
  private static final long WATCH_MILLIS = 1_000;

  private final Vertx vertx;
  private final CaptureConfig config;
  private final CaptureClock clock;
  private final Timing timing;
  private final RtmpTarget rtmp;
  private final StreamMeter meter;
  private final CaptureMeters meters;
  private final String stream;
  private final Promise<FileResult> done = Promise.promise();
  private final Sink sink;
  private final Outbox outbox;

  private StreamAssignment assignment;
  private InputPlan plan;
  private EpochLine line;
  private ScheduleWatch schedule;

  /** Null while nothing is read. */
  private ReadingThreads reading;

  private Future<Void> lastReadingEnded = Future.succeededFuture();
  private long watchTimer = -1;
  private Future<Void> stopped;

  StreamCapture(
      Vertx vertx,
      CaptureConfig config,
      CaptureClock clock,
      Timing timing,
      Sinks sinks,
      RtmpTarget rtmp,
      StreamAssignment assignment) {
    this.vertx = vertx;
    this.config = config;
    this.clock = clock;
    this.timing = timing;
    this.rtmp = rtmp;
    this.assignment = assignment;
    this.stream = assignment.stream().name();
    this.schedule = new ScheduleWatch(assignment.schedule(), clock);
    this.meter = new StreamMeter(stream, clock);
    this.meters = new CaptureMeters(Metrics.globalRegistry, stream, meter);
    SinkLimits limits = sinks.limits(stream);
    if (!limits.chunks() && assignment.stream().record()) {
      String unrecorded = "Not recorded, as " + limits.place() + " takes frames alone";
      meter.notTaken(unrecorded);
      LOG.warn("{}: {}; 'record: false' says that this is meant", stream, unrecorded);
    }
    InputPlan understood = null;
    try {
      understood = InputPlan.of(assignment.stream(), config.workingDirectory(), limits);
    } catch (IllegalArgumentException e) {
      meter.state(CaptureState.FAILED, e.getMessage());
      LOG.error("{}: {}", stream, e.getMessage());
      done.fail(new CaptureException(Reason.DECLARATION, e.getMessage(), e));
    }
    this.plan = understood;
    boolean live = plan == null || plan.live();
    Sink[] link = new Sink[1];
    DiskBuffer disk = live && plan != null ? disk() : null;
    this.outbox =
        new Outbox(
            live ? Outbox.Policy.DROP : Outbox.Policy.WAIT,
            // What is on disk needs no memory beyond what is under way and what comes next.
            disk == null ? config.bufferBytes() : 2 * config.windowBytes(),
            disk,
            meter,
            limits,
            () -> link[0].wake());
    this.sink = sinks.open(stream, outbox);
    link[0] = sink;
  }

  void start() {
    if (plan == null) {
      return;
    }
    if (plan.live()) {
      vertx
          .executeBlocking(outbox::recover, false)
          .onSuccess(this::startLive)
          .onFailure(
              failure -> {
                LOG.error("{}: capture failed unexpectedly", stream, failure);
                meter.state(CaptureState.FAILED, Sentences.of(failure));
              });
    } else {
      startFile();
    }
  }

  /** Whether a changed assignment is taken on without a new start. */
  boolean takesOn(StreamAssignment changed) {
    boolean sameSources =
        changed.stream().inputs().equals(assignment.stream().inputs())
            && changed.stream().record().equals(assignment.stream().record());
    boolean sameRun =
        changed.profile().equals(assignment.profile())
            && changed.stream().pictures().equals(assignment.stream().pictures())
            && changed.stream().schedule().equals(assignment.stream().schedule());
    return sameSources && (sameRun || (plan != null && plan.live()));
  }

  /** Takes on what {@link #takesOn} said yes to. */
  void change(StreamAssignment changed) {
    assignment = changed;
    if (line != null) {
      line.profile(changed.profile());
      line.pictures(changed.stream().pictures());
      schedule = new ScheduleWatch(changed.schedule(), clock);
      followSchedule();
    }
  }

  CaptureStatus status() {
    return meter.snapshot();
  }

  CaptureReport report() {
    return meter.report(config.agent());
  }

  /**
   * Completes when a file is worked off and acknowledged; fails with a {@link CaptureException}. Of
   * an endless stream it only ever fails.
   */
  Future<FileResult> done() {
    return done.future();
  }

  /** Stops intake, sends what is left for a while, closes. */
  Future<Void> stop() {
    if (stopped != null) {
      return stopped;
    }
    vertx.cancelTimer(watchTimer);
    stopReading("the stream was stopped");
    boolean live = plan != null && plan.live();
    stopped =
        lastReadingEnded
            .timeout(THREAD_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .otherwiseEmpty()
            .compose(ended -> sink.close(live ? config.drainTimeout() : Duration.ZERO))
            .onComplete(
                closed -> {
                  meters.close();
                  if (meter.state() != CaptureState.ENDED && meter.state() != CaptureState.FAILED) {
                    meter.state(CaptureState.STOPPED, null);
                  }
                  done.tryFail(
                      new CaptureException(
                          Reason.STOPPED, "The capture of '" + stream + "' was stopped"));
                });
    return stopped;
  }

  /**
   * @param reachedMicros up to where an earlier run got; the axis goes on from there
   */
  private void startLive(long reachedMicros) {
    if (stopped != null) {
      return;
    }
    line =
        EpochLine.live(
            outbox,
            clock,
            stream,
            config.agent(),
            reachedMicros,
            assignment.profile(),
            assignment.stream().pictures());
    // Between two files of a watched folder there is nothing to hear.
    boolean watched = plan.inputs().get(0).url().inPieces();
    watchTimer =
        vertx.setPeriodic(
            WATCH_MILLIS,
            each -> {
              followSchedule();
              vertx.executeBlocking(
                  () -> {
                    if (!watched) {
                      line.watchSilence();
                    }
                    outbox.sync();
                    return null;
                  });
            });
    followSchedule();
  }

  /** Opens the inputs or closes them, as the schedule wants it. What is captured is still sent. */
  private void followSchedule() {
    boolean over = meter.state() == CaptureState.ENDED || meter.state() == CaptureState.FAILED;
    if (stopped != null) {
      return;
    }
    if (schedule.open()) {
      // Two generations of threads must not write to one line.
      if (reading == null && lastReadingEnded.isComplete() && !over) {
        meter.state(CaptureState.STARTING, null);
        startReading();
      }
      return;
    }
    if (reading != null) {
      LOG.info("{}: {}", stream, schedule.sentence());
      stopReading(schedule.sentence());
    }
    if (!over) {
      meter.state(CaptureState.WAITING, schedule.sentence());
    }
  }

  private void startReading() {
    reading = new ReadingThreads(this::failed);
    List<LiveInput> inputs = new ArrayList<>();
    List<Runnable> starts = new ArrayList<>();
    for (InputPlan.Input planned : plan.inputs()) {
      boolean leading = starts.isEmpty();
      RoleInputs role = new RoleInputs(stream, planned, leading, line, meter.inputs(), clock);
      for (RoleInputs.Place place : role.places()) {
        LiveInput input =
            new LiveInput(
                stream, place, opener(place.input(), reading), line, meter, clock, config, timing);
        inputs.add(input);
        String name = "capture-" + stream + (leading ? "" : "-analyze") + place.suffix();
        starts.add(
            () ->
                reading.start(
                    name,
                    () -> {
                      if (input.run() && leading) {
                        playedOnce();
                      }
                    }));
      }
    }
    // Before their slots close, so that they know why.
    inputs.forEach(input -> reading.atStop(input::stop));
    starts.forEach(Runnable::run);
  }

  private void stopReading(String why) {
    if (reading != null) {
      lastReadingEnded = reading.stop(why);
      reading = null;
      meter.inputs().none();
    }
  }

  /** Null when there is no place on disk. */
  private DiskBuffer disk() {
    SpoolSettings spool = config.spool();
    return spool == null
        ? null
        : new DiskBuffer(
            stream,
            new Spool(spool.folder().resolve(stream)),
            spool.bytes(),
            spool.age(),
            clock,
            work -> vertx.executeBlocking(() -> run(work), false));
  }

  private static Void run(Runnable work) {
    work.run();
    return null;
  }

  private InputOpener opener(InputPlan.Input input, ReadingThreads reader) {
    if (input.url().published()) {
      RtmpSlot slot = rtmp.open(stream, input.key());
      reader.atStop(why -> slot.close());
      return (stop, waiting) -> slot.open(stop, config.readTimeout(), waiting);
    }
    SourceRequest request =
        new SourceRequest(
            stream,
            input.url().url(),
            input.every(),
            SourceOptions.DEFAULTS.withTimeouts(config.openTimeout(), config.readTimeout()),
            clock,
            config.spool() == null ? null : config.spool().folder(),
            source ->
                TrackChoice.of(source.tracks(), input.record(), input.analyze())
                    .require(
                        input.analyze() && config.needsPictures().test(line.profile()),
                        input.url().safeUrl()),
            this::skipped);
    return input.url().file() != null
        ? new FileOpener(input.url(), request)
        : PulledInput.opener(input.url(), request);
  }

  private void skipped(String sentence) {
    meter.skipped(Sentences.clean(sentence));
    LOG.warn("{}: {}", stream, Sentences.clean(sentence));
  }

  /** A file that was played in real time and has ended. */
  private void playedOnce() {
    CaptureStatus status = meter.snapshot();
    if (status.epoch() != null) {
      meter.state(CaptureState.ENDED, "the file has ended");
      done.tryComplete(
          new FileResult(
              stream,
              status.run(),
              status.epoch(),
              status.startMicros(),
              status.positionMicros(),
              0,
              "the file has ended"));
    }
  }

  private void startFile() {
    FolderRun file = new FolderRun(assignment, plan, outbox, clock, config, timing);
    reading = new ReadingThreads(this::failed);
    reading.atStop(why -> file.stop());
    reading.start(
        "capture-" + stream,
        () -> {
          try {
            FileResult result = file.run();
            LOG.info("{}: {}", stream, result.reason());
            done.tryComplete(result);
          } catch (CaptureException e) {
            LOG.error("{}: {}", stream, e.getMessage());
            done.tryFail(e);
          } catch (InterruptedException e) {
            // Stopped: stop() says so to whoever waits.
          }
        });
  }

  private void failed(Throwable e) {
    LOG.error("{}: capture failed unexpectedly", stream, e);
    meter.state(CaptureState.FAILED, "Capture failed unexpectedly: " + Sentences.of(e));
    done.tryFail(
        new CaptureException(
            Reason.SOURCE, "The capture of '" + stream + "' failed unexpectedly", e));
  }
}
