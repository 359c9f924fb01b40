package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import io.sightline.records.CaptureState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one live input, for ever: whatever breaks it off, it is opened again, at once and then with
 * growing pauses. Runs on a thread of its own.
 */
final class LiveInput {

  private static final Logger LOG = LoggerFactory.getLogger(LiveInput.class);

  private final String stream;
  private final RoleInputs.Place place;
  private final InputPlan.Input input;
  private final InputOpener opener;
  private final EpochLine line;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final CaptureConfig config;
  private final Backoff backoff;
  private volatile boolean stopping;
  private volatile String stoppedBecause = "the stream was stopped";
  private String lastTrouble;

  LiveInput(
      String stream,
      RoleInputs.Place place,
      InputOpener opener,
      EpochLine line,
      StreamMeter meter,
      CaptureClock clock,
      CaptureConfig config,
      Timing timing) {
    this.stream = stream;
    this.place = place;
    this.input = place.input();
    this.opener = opener;
    this.line = line;
    this.meter = meter;
    this.clock = clock;
    this.config = config;
    this.backoff = new Backoff(timing.longestPause());
  }

  /**
   * Until {@link #stop}, or until a file that is played once has ended. Blocks.
   *
   * @return whether it has ended by itself
   */
  boolean run() {
    while (awaitPlace()) {
      Pass pass = pass();
      if (stopping || pass == null) {
        break;
      }
      if (pass.delivered()) {
        backoff.reset();
      }
      if (pass.cleanEnd() && pass.delivered()) {
        if (input.url().loop() || opener.goesOn()) {
          place.ended(pass.why());
          continue;
        }
        if (input.url().file() != null) {
          break;
        }
      }
      boolean wanted = place.wanted();
      place.lost(pass.why());
      if (wanted && !pause(pass.why(), pass.reason())) {
        break;
      }
    }
    opener.close();
    place.lost(stopping ? stoppedBecause : "the file has ended");
    return !stopping;
  }

  /**
   * Makes {@link #run} return; called from another thread, which also interrupts this one.
   *
   * @param why the epoch ends then
   */
  void stop(String why) {
    stoppedBecause = why;
    stopping = true;
    place.stop();
  }

  private boolean awaitPlace() {
    try {
      return place.await(() -> stopping);
    } catch (InterruptedException e) {
      // Only stop() interrupts this thread.
      stopping = true;
      return false;
    }
  }

  private boolean unwanted() {
    return stopping || !place.wanted();
  }

  /** How one opening of the source went. */
  private record Pass(
      boolean delivered, boolean cleanEnd, String why, MediaException.Reason reason) {}

  /** Null when there is nothing more to open. */
  private Pass pass() {
    Feed feed = null;
    try {
      try (PacketSource source = opener.open(this::unwanted, this::waiting)) {
        if (source == null) {
          return null;
        }
        TrackChoice choice = TrackChoice.of(source.tracks(), input.record(), input.analyze());
        choice.require(
            input.analyze() && config.needsPictures().test(line.profile()), input.url().safeUrl());
        if (place.leading() && !place.spared()) {
          meter.note(choice.note());
        }
        try (Feed opened =
            new Feed(
                source,
                choice,
                line,
                clock,
                place,
                place.leading(),
                input.url().realtime(),
                config.chunkTarget())) {
          feed = opened;
          read(source, feed);
          return new Pass(feed.delivered(), true, source.ending(), null);
        }
      }
    } catch (MediaException e) {
      return new Pass(feed != null && feed.delivered(), false, Sentences.of(e), e.reason());
    } catch (RuntimeException e) {
      // A source must not end its stream by something that nobody thought of.
      LOG.error("{}: reading {} failed unexpectedly", stream, input.url(), e);
      return new Pass(
          feed != null && feed.delivered(),
          false,
          Sentences.of(e),
          MediaException.Reason.MALFORMED);
    } catch (InterruptedException e) {
      // Only stop() interrupts this thread.
      stopping = true;
      return new Pass(feed != null && feed.delivered(), false, stoppedBecause, null);
    }
  }

  /** To its clean end, or until stopped. */
  private void read(PacketSource source, Feed feed) throws MediaException, InterruptedException {
    long damaged = 0;
    try {
      while (!unwanted() && feed.step()) {
        long now = source.damaged() + feed.damaged();
        if (now > damaged) {
          meter.damaged(now - damaged);
          damaged = now;
        }
        if (lastTrouble != null && feed.delivered()) {
          LOG.info("{}: {} is back", stream, input.url());
          lastTrouble = null;
        }
      }
    } finally {
      meter.damaged(source.damaged() + feed.damaged() - damaged);
      // Before it is closed: what it holds back is good.
      place.enter();
      try {
        feed.finish();
      } finally {
        place.leave();
      }
    }
  }

  /** Nothing is wrong, but there is nobody to read from. */
  private void waiting(String sentence) {
    if (place.leading() && !place.spared()) {
      meter.state(CaptureState.WAITING, sentence);
    }
    LOG.info("{}: {}", stream, sentence);
  }

  /** Waits before the next try; false when stopped meanwhile. */
  private boolean pause(String why, MediaException.Reason reason) {
    String sentence = place.name() == null ? why : "Of " + place.name() + ": " + why;
    boolean gone = place.leading() && !place.spared();
    meter.trouble(gone ? CaptureState.RECONNECTING : null, sentence, reason);
    if (!why.equals(lastTrouble)) {
      LOG.warn("{}: {}", stream, sentence);
      lastTrouble = why;
    }
    Duration pause = backoff.next();
    try {
      clock.pause(pause);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
