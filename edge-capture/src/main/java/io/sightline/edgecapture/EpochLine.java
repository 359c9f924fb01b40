package io.sightline.edgecapture;

import io.sightline.records.CaptureState;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.PictureOptions;
import io.sightline.records.Positions;
import io.sightline.records.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The epochs of one stream, one after another on its axis, which never runs backwards. The thread
 * of the leading input begins and ends them (of several that stand in for each other one at a
 * time); those of other inputs, and the watch for silence, look at the current one.
 */
final class EpochLine {

  private static final Logger LOG = LoggerFactory.getLogger(EpochLine.class);

  private static final long SILENCE_MICROS = 10 * Positions.MICROS_PER_SECOND;

  /** After an epoch that the gateway would not have, how long until another is tried. */
  private static final long AFTER_REFUSAL_MICROS = Positions.MICROS_PER_SECOND;

  private final Outbox outbox;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final String stream;
  private final String agent;
  private final String source;
  private final String run;
  private final boolean live;
  private final List<EpochQueue> begun = new ArrayList<>();
  private final InputOffset offset = new InputOffset();

  private volatile Profile profile;
  private volatile PictureOptions pictures;
  private volatile EpochWriter current;
  private final AtomicReference<String> renewal = new AtomicReference<>();
  private EpochQueue queue;

  /** The newest, also when it has ended. */
  private EpochWriter writer;

  private long reachedMicros;
  private long refusedAtMicros = Long.MIN_VALUE;
  private long heardMicros;
  private boolean silent;

  private EpochLine(
      Outbox outbox,
      CaptureClock clock,
      String stream,
      String agent,
      String source,
      String run,
      boolean live,
      long firstMicros,
      Profile profile,
      PictureOptions pictures) {
    this.outbox = outbox;
    this.meter = outbox.meter();
    this.clock = clock;
    this.stream = stream;
    this.agent = agent;
    this.source = source;
    this.run = run;
    this.live = live;
    this.reachedMicros = firstMicros;
    this.heardMicros = clock.nowMicros();
    this.profile = profile;
    this.pictures = pictures;
  }

  /**
   * Of a live stream: its epochs begin by the clock.
   *
   * @param reachedMicros before which none may begin; 0 when nothing is known
   */
  static EpochLine live(
      Outbox outbox,
      CaptureClock clock,
      String stream,
      String agent,
      long reachedMicros,
      Profile profile,
      PictureOptions pictures) {
    return new EpochLine(
        outbox, clock, stream, agent, agent, "live", true, reachedMicros, profile, pictures);
  }

  /** Of files that are processed: the first epoch begins where they do. */
  static EpochLine file(
      Outbox outbox,
      CaptureClock clock,
      String stream,
      String agent,
      FileIdentity identity,
      Profile profile,
      PictureOptions pictures) {
    String run = "f-" + digest(profile, pictures);
    return new EpochLine(
        outbox,
        clock,
        stream,
        agent,
        // Another profile takes other frames, so its items have other sequences: another epoch.
        Ids.digest(identity.digest() + run),
        run,
        false,
        identity.startMicros(),
        profile,
        pictures);
  }

  /** Names all that frames depend on. */
  private static String digest(Profile profile, PictureOptions pictures) {
    return pictures.equals(PictureOptions.NONE)
        ? profile.digest()
        : Ids.digest(profile.digest() + Ids.digest(Json.encode(pictures)));
  }

  boolean live() {
    return live;
  }

  String run() {
    return run;
  }

  Profile profile() {
    return profile;
  }

  /** Holds from the next keyframe on. Any thread. */
  void profile(Profile changed) {
    profile = changed;
  }

  PictureOptions pictures() {
    return pictures;
  }

  /** Holds from the next keyframe on. Any thread. */
  void pictures(PictureOptions changed) {
    pictures = changed;
  }

  /** The epoch to write to; null before the first and between two. Any thread. */
  EpochWriter current() {
    return current;
  }

  /** All epochs of a file so far; of a live stream none are kept. */
  List<EpochQueue> begun() {
    return begun;
  }

  /** Position after everything that has been read. Any thread. */
  synchronized long reachedMicros() {
    return reachedMicros;
  }

  /** Something has been read up to {@code endMicros}. Any thread. */
  void reached(long endMicros) {
    synchronized (this) {
      reachedMicros = Math.max(reachedMicros, endMicros);
    }
    meter.read(endMicros);
  }

  /** How what is analyzed beside the leading input is laid on the axis of that. */
  InputOffset offset() {
    return offset;
  }

  /** Has the leading input begin a new epoch at its next keyframe. Any thread. */
  void renew(String why) {
    renewal.set(why);
  }

  /** Why a new epoch is to begin; null when none is. */
  String renewal() {
    return renewal.get();
  }

  /** What is to be known of the source; null when there is nothing. */
  void note(String sentence) {
    meter.note(sentence);
  }

  /** What is to be known of the source, and what was measured since it was opened. */
  void note(String sentence, String measured) {
    String whole = sentence + "; " + measured;
    meter.note(whole);
    LOG.info("{}: {}", stream, whole);
  }

  /** Whether a new epoch may begin now; not at once after one that the gateway refused. */
  boolean mayBegin() {
    return !live
        || refusedAtMicros == Long.MIN_VALUE
        || Math.abs(clock.nowMicros() - refusedAtMicros) >= AFTER_REFUSAL_MICROS;
  }

  /**
   * Begins an epoch with a keyframe that has just arrived; ends the one before.
   *
   * @param why the one before ends
   * @param tookOver why the stream went over to another input; null when it did not
   */
  EpochWriter begin(long arrivalMicros, String why, String tookOver) {
    end(why, 0);
    EpochStart start;
    long lastFrameMicros = writer == null ? -1 : writer.lastFrameMicros();
    synchronized (this) {
      if (live) {
        reachedMicros = Math.max(arrivalMicros, reachedMicros);
      }
      start = new EpochStart(stream, Ids.epoch(reachedMicros, source), run, agent, reachedMicros);
    }
    Profile now = profile;
    String renewed = renewal.getAndSet(null);
    String because = tookOver == null ? renewed : tookOver;
    queue = outbox.begin(start, now, because, live ? meter.inputs().describe() : null);
    if (!live) {
      begun.add(queue);
    }
    meter.begun(start);
    LOG.info("{}: epoch {} begins", stream, start.epoch());
    writer = new EpochWriter(queue, now, lastFrameMicros, meter, clock, outbox.limits());
    current = writer;
    return writer;
  }

  /** Ends the current epoch, if there is one. */
  void end(String why, long lostMicros) {
    EpochQueue ending = queue;
    current = null;
    queue = null;
    if (ending == null) {
      return;
    }
    if (!ending.open()) {
      refusedAtMicros = clock.nowMicros();
      return;
    }
    ending.end(reachedMicros(), why, lostMicros);
    LOG.info("{}: epoch {} ends: {}", stream, ending.start().epoch(), why);
  }

  /** A packet has arrived. */
  void heard(long arrivalMicros) {
    synchronized (this) {
      heardMicros = arrivalMicros;
      silent = false;
    }
    meter.delivering();
  }

  /** Says so, once, when nothing has arrived for ten seconds. Any thread. */
  void watchSilence() {
    EpochWriter open = current;
    long quiet;
    synchronized (this) {
      quiet = clock.nowMicros() - heardMicros;
      if (silent || quiet < SILENCE_MICROS || open == null) {
        return;
      }
      silent = true;
    }
    String sentence = "Nothing has arrived for " + quiet / Positions.MICROS_PER_SECOND + " s";
    open.stalled(reachedMicros(), sentence);
    meter.state(CaptureState.STALLED, sentence);
    LOG.warn("{}: {}", stream, sentence);
  }
}
