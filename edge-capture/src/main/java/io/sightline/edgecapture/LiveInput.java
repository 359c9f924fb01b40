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
  private final InputPlan.Input input;
  private final InputOpener opener;
  private final boolean leading;
  private final EpochLine line;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final CaptureConfig config;
  private final Backoff backoff;
  private volatile boolean stopping;
  private volatile String stoppedBecause = "the stream was stopped";
  private String lastTrouble;

  /**
   * @param leading whether it begins and ends the stream's epochs
   */
  LiveInput(
      String stream,
      InputPlan.Input input,
      InputOpener opener,
      boolean leading,
      EpochLine line,
      StreamMeter meter,
      CaptureClock clock,
      CaptureConfig config,
      Timing timing) {
    this.stream = stream;
    this.input = input;
    this.opener = opener;
    this.leading = leading;
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
    while (!stopping) {
      Pass pass = pass();
      if (stopping || pass == null) {
        break;
      }
      if (leading) {
        line.end(pass.why(), 0);
      }
      if (pass.delivered()) {
        backoff.reset();
      }
      if (pass.cleanEnd() && pass.delivered()) {
        if (input.url().loop() || opener.goesOn()) {
          continue;
        }
        if (input.url().file() != null) {
          break;
        }
      }
      if (!pause(pass.why(), pass.reason())) {
        break;
      }
    }
    opener.close();
    if (leading) {
      line.end(stopping ? stoppedBecause : "the file has ended", 0);
    }
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
  }

  /** How one opening of the source went. */
  private record Pass(
      boolean delivered, boolean cleanEnd, String why, MediaException.Reason reason) {}

  /** Null when there is nothing more to open. */
  private Pass pass() {
    Feed feed = null;
    try {
      try (PacketSource source = opener.open(() -> stopping, this::waiting)) {
        if (source == null) {
          return null;
        }
        TrackChoice choice = TrackChoice.of(source.tracks(), input.record(), input.analyze());
        choice.require(
            input.analyze() && config.needsPictures().test(line.profile()), input.url().safeUrl());
        if (leading) {
          meter.note(choice.note());
        }
        try (Feed opened =
            new Feed(
                source,
                choice,
                line,
                clock,
                leading,
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
      return new Pass(feed != null && feed.delivered(), false, "the stream was stopped", null);
    }
  }

  /** To its clean end, or until stopped. */
  private void read(PacketSource source, Feed feed) throws MediaException, InterruptedException {
    long damaged = 0;
    try {
      while (!stopping && feed.step()) {
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
      feed.finish();
    }
  }

  /** Nothing is wrong, but there is nobody to read from. */
  private void waiting(String sentence) {
    if (leading) {
      meter.state(CaptureState.WAITING, sentence);
    }
    LOG.info("{}: {}", stream, sentence);
  }

  /** Waits before the next try; false when stopped meanwhile. */
  private boolean pause(String why, MediaException.Reason reason) {
    String sentence = leading ? why : "Of " + input.name() + ": " + why;
    meter.trouble(leading ? CaptureState.RECONNECTING : null, sentence, reason);
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
