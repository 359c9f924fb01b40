package io.sightline.edgecapture;

import io.sightline.edgecapture.CaptureException.Reason;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.CaptureState;
import io.sightline.records.Ids;
import io.sightline.records.PictureOptions;
import io.sightline.records.Profile;
import io.sightline.records.StreamAssignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the files of a stream once, as fast as everything behind it allows. The same files give
 * the same items in the same order, whatever the network does: so one that was killed is run again,
 * and what the gateway has already is not sent twice. Runs on a thread of its own.
 */
final class FileRun {

  private static final Logger LOG = LoggerFactory.getLogger(FileRun.class);

  /** At least this much is said to be lost when something was and nobody knows how much. */
  private static final long SOMETHING_LOST_MICROS = 1;

  private final String stream;
  private final InputPlan plan;
  private final Outbox outbox;
  private final Profile profile;
  private final PictureOptions pictures;
  private final StreamMeter meter;
  private final CaptureClock clock;
  private final CaptureConfig config;
  private final Backoff backoff;
  private final UnaryOperator<FileIdentity> place;
  private final List<MediaSource> sources = new ArrayList<>();
  private volatile boolean stopping;

  FileRun(
      StreamAssignment assignment,
      InputPlan plan,
      Outbox outbox,
      CaptureClock clock,
      CaptureConfig config,
      Timing timing) {
    this(assignment, plan, outbox, clock, config, timing, UnaryOperator.identity());
  }

  /**
   * @param place says where on the axis it begins
   */
  FileRun(
      StreamAssignment assignment,
      InputPlan plan,
      Outbox outbox,
      CaptureClock clock,
      CaptureConfig config,
      Timing timing,
      UnaryOperator<FileIdentity> place) {
    this.place = place;
    this.stream = assignment.stream().name();
    this.plan = plan;
    this.outbox = outbox;
    this.profile = assignment.profile();
    this.pictures = assignment.stream().pictures();
    this.meter = outbox.meter();
    this.clock = clock;
    this.config = config;
    this.backoff = new Backoff(timing.longestPause());
  }

  /**
   * Blocks until the gateway has everything.
   *
   * @throws InterruptedException when stopped before
   */
  FileResult run() throws CaptureException, InterruptedException {
    try {
      FileResult result = read();
      meter.lost(result.lostMicros());
      meter.state(CaptureState.ENDED, result.reason());
      return result;
    } catch (MediaException e) {
      meter.trouble(CaptureState.FAILED, e.getMessage(), e.reason());
      throw new CaptureException(Reason.SOURCE, e.getMessage(), e);
    }
  }

  /**
   * As {@link #run}, without saying that the stream has ended.
   *
   * @throws MediaException when nothing of it can be read
   */
  FileResult read() throws MediaException, CaptureException, InterruptedException {
    while (true) {
      try {
        FileResult result = pass();
        if (result != null) {
          return result;
        }
      } catch (MediaException e) {
        if (stopping) {
          throw new InterruptedException();
        }
        throw e;
      }
      Duration pause = backoff.next();
      LOG.warn("{}: sent from the beginning, as the gateway has lost what it had", stream);
      clock.pause(pause);
    }
  }

  /** Makes {@link #run} return; called from another thread, which also interrupts this one. */
  void stop() {
    stopping = true;
  }

  /** One reading of the files; null when it has to be repeated. */
  private FileResult pass() throws MediaException, CaptureException, InterruptedException {
    List<Feed> feeds = new ArrayList<>();
    try {
      EpochLine line = open(feeds);
      long start = line.reachedMicros();
      Ending ending = read(feeds, line);
      feeds.forEach(Feed::finish);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (line.begun().isEmpty()) {
        throw ending.trouble() != null
            ? ending.trouble()
            : new MediaException(
                MediaException.Reason.MALFORMED,
                "There is no picture or sound in '" + plan.inputs().get(0).url() + "'");
      }
      long lost = lost(ending, line, start);
      String why = ending.trouble() == null ? "the file has ended" : Sentences.of(ending.trouble());
      EpochQueue last = line.begun().get(line.begun().size() - 1);
      line.end(why, lost);
      return acknowledged(line)
          ? new FileResult(
              stream, line.run(), last.start().epoch(), start, line.reachedMicros(), lost, why)
          : null;
    } finally {
      feeds.forEach(Feed::close);
      sources.forEach(MediaSource::close);
      sources.clear();
    }
  }

  private EpochLine open(List<Feed> feeds) throws MediaException {
    List<TrackChoice> choices = new ArrayList<>();
    List<FileIdentity> identities = new ArrayList<>();
    for (InputPlan.Input input : plan.inputs()) {
      MediaSource source =
          MediaSource.open(
              input.url().url(),
              SourceOptions.DEFAULTS.withTimeouts(config.openTimeout(), config.readTimeout()),
              () -> stopping);
      sources.add(source);
      TrackChoice choice = TrackChoice.of(source.tracks(), input.record(), input.analyze());
      choice.require(
          input.analyze() && config.needsPictures().test(profile), input.url().safeUrl());
      choices.add(choice);
      identities.add(FileIdentity.of(input.url().file(), source));
    }
    meter.note(choices.get(0).note());
    meter.duration(sources.get(0).durationMicros());
    EpochLine line =
        EpochLine.file(
            outbox,
            clock,
            stream,
            config.agent(),
            place.apply(joined(identities)),
            profile,
            pictures);
    for (int i = 0; i < sources.size(); i++) {
      feeds.add(
          new Feed(
              sources.get(i),
              choices.get(i),
              line,
              clock,
              Turn.ALONE,
              i == 0,
              false,
              config.chunkTarget()));
    }
    return line;
  }

  /** Two files that are worked off together are another thing than each alone. */
  private static FileIdentity joined(List<FileIdentity> identities) {
    FileIdentity first = identities.get(0);
    return identities.size() == 1
        ? first
        : new FileIdentity(
            first.startMicros(),
            Ids.digest(String.join("", identities.stream().map(FileIdentity::digest).toList())));
  }

  /** How the reading ended: at the end of all files, or with trouble in one of them. */
  private record Ending(MediaException trouble) {}

  /** Always reads on where the least has been read, so that the order depends on nothing else. */
  private Ending read(List<Feed> feeds, EpochLine line) throws InterruptedException {
    List<Feed> unread = new ArrayList<>(feeds);
    MediaException trouble = null;
    while (!unread.isEmpty()) {
      Feed next = unread.get(0);
      for (Feed feed : unread) {
        next = feed.positionMicros() < next.positionMicros() ? feed : next;
      }
      try {
        if (!next.step()) {
          unread.remove(next);
        }
      } catch (MediaException e) {
        trouble = trouble == null ? e : trouble;
        unread.remove(next);
      }
      if (stopping) {
        throw new InterruptedException();
      }
      EpochWriter writer = line.current();
      if (writer != null && !writer.open()) {
        break;
      }
    }
    return new Ending(trouble);
  }

  private long lost(Ending ending, EpochLine line, long start) {
    if (ending.trouble() == null) {
      return 0;
    }
    long duration = meter.snapshot().durationMicros();
    long missing = duration < 0 ? 0 : start + duration - line.reachedMicros();
    return Math.max(SOMETHING_LOST_MICROS, ending.trouble().missingMicros().orElse(missing));
  }

  /** Waits for the gateway; false when everything has to be sent again. */
  private boolean acknowledged(EpochLine line) throws CaptureException, InterruptedException {
    for (EpochQueue epoch : line.begun()) {
      EpochOutcome outcome;
      try {
        outcome = epoch.outcome().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("Outcomes never fail", e);
      }
      switch (outcome.kind()) {
        case COMPLETE -> {}
        case FORGOTTEN -> {
          line.begun().forEach(each -> each.close(EpochOutcome.Kind.FORGOTTEN, outcome.reason()));
          return false;
        }
        case DISCARDED -> throw new InterruptedException();
        case FENCED -> {
          meter.state(CaptureState.FAILED, outcome.reason());
          throw new CaptureException(
              Reason.FENCED, "Another capture sends the same file: " + outcome.reason());
        }
        case REFUSED -> {
          meter.state(CaptureState.FAILED, outcome.reason());
          throw new CaptureException(Reason.REFUSED, outcome.reason());
        }
      }
    }
    return true;
  }
}
