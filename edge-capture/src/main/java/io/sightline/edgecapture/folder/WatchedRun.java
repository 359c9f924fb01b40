package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Files of an inbox that follow on each other, read as one source: MPEG transport streams of the
 * same tracks, each of which begins where the one before ended. Times of 33 bits go on beyond their
 * wrap. It ends where the times jump or leave a gap, and when nothing has come for long.
 *
 * <p>Before a second of a file is given out it is noted as taken, so that after a kill nothing
 * comes twice.
 */
final class WatchedRun implements PacketSource {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** How much may be missing between two files that follow on each other. */
  private static final long MAX_GAP_MICROS = 500_000;

  private static final long NOTED_MICROS = Positions.MICROS_PER_SECOND;
  private static final long WRAP = 1L << 33;

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration LONG_QUIET = Duration.ofSeconds(60);

  private final InboxWatch watch;
  private final BooleanSupplier stop;
  private final Consumer<String> waiting;
  private final Map<Integer, Long> lastTicks = new HashMap<>();
  private final Map<Integer, Long> shifts = new HashMap<>();
  private Segment segment;
  private boolean reading = true;
  private long stepTicks;
  private long notedTicks = Long.MIN_VALUE;
  private long fileStartTicks;
  private long capturedMicros;
  private long longestMicros;
  private String ending = "nothing is watched any longer";

  /**
   * @param first becomes this one's
   */
  WatchedRun(InboxWatch watch, Segment first, BooleanSupplier stop, Consumer<String> waiting) {
    this.watch = watch;
    this.segment = first;
    this.stop = stop;
    this.waiting = waiting;
    this.fileStartTicks = first.startTicks();
    this.capturedMicros = watch.capturedMicros(first, first.startTicks());
  }

  @Override
  public List<SourceTrack> tracks() {
    return segment.tracks();
  }

  @Override
  public Packet next() throws MediaException, InterruptedException {
    while (reading || another()) {
      Packet packet = read();
      if (packet != null) {
        return packet;
      }
    }
    return null;
  }

  @Override
  public long capturedMicros() {
    return capturedMicros;
  }

  @Override
  public String ending() {
    return ending;
  }

  /** Null at the end of the file. */
  private Packet read() throws MediaException {
    Packet packet = null;
    try {
      packet = segment.next();
    } catch (MediaException e) {
      if (stop.getAsBoolean()) {
        throw e;
      }
      watch.brokeOff(e);
    }
    if (packet == null) {
      reading = false;
      segment.close();
      watch.taken(segment);
      return null;
    }
    long raw = Segment.decodeTicks(packet);
    if (raw == Packet.ABSENT) {
      return packet;
    }
    long shift = shifts.computeIfAbsent(packet.track(), track -> shift(track, raw));
    boolean leads = packet.track() == segment.leading().index();
    if (leads) {
      note(raw);
      capturedMicros = watch.capturedMicros(segment, raw);
      Long before = lastTicks.get(packet.track());
      stepTicks = packet.duration() > 0 || before == null ? packet.duration() : step(raw + shift);
    }
    lastTicks.merge(packet.track(), raw + shift, Math::max);
    return shift == 0 ? packet : packet.shifted(shift);
  }

  private long step(long ticks) {
    return Math.max(0, ticks - lastTicks.get(segment.leading().index()));
  }

  private void note(long raw) {
    if (raw >= notedTicks) {
      notedTicks = raw + ticks(NOTED_MICROS);
      watch.working(segment, notedTicks);
    }
  }

  /** Waits for the next file; whether it follows on this one. */
  private boolean another() throws MediaException, InterruptedException {
    long length = lastTicks.getOrDefault(segment.leading().index(), fileStartTicks);
    longestMicros = Math.max(longestMicros, micros(length - fileStartTicks));
    Duration longest = Duration.ofNanos(longestMicros * 1_000);
    Duration quiet = longer(QUIET, longest.multipliedBy(2));
    Duration limit = longer(LONG_QUIET, longest.multipliedBy(3));
    Segment next = watch.await(this::follows, quiet, limit, stop, waiting);
    if (next == null) {
      ending = "no file has come for " + limit.toSeconds() + " s";
      return false;
    }
    if (!follows(next)) {
      ending = why(next);
      watch.keep(next);
      return false;
    }
    segment = next;
    reading = true;
    notedTicks = Long.MIN_VALUE;
    shifts.clear();
    fileStartTicks = next.startTicks() + shift(next.leading().index(), next.startTicks());
    return true;
  }

  private boolean follows(Segment next) {
    if (!next.isTransportStream() || !segment.isTransportStream() || !next.hasTracksOf(segment)) {
      return false;
    }
    long gap = gapTicks(next);
    return gap > -Math.max(1, stepTicks) && micros(gap) <= MAX_GAP_MICROS;
  }

  private String why(Segment next) {
    if (!next.isTransportStream() || !segment.isTransportStream()) {
      return "the next file is a recording of its own";
    }
    if (!next.hasTracksOf(segment)) {
      return "the next file has other tracks";
    }
    long gap = gapTicks(next);
    return gap < 0
        ? "the times of the next file jump back"
        : String.format(Locale.ROOT, "%.1f s are missing before the next file", micros(gap) / 1e6);
  }

  private long gapTicks(Segment next) {
    int leading = next.leading().index();
    long start = next.startTicks() + shift(leading, next.startTicks());
    return start - lastTicks.getOrDefault(leading, start) - stepTicks;
  }

  /** What brings a track's times next to its last one, in whole wraps. */
  private long shift(int track, long raw) {
    Long leading = lastTicks.get(segment.leading().index());
    Long last = lastTicks.getOrDefault(track, leading);
    return last == null || !segment.isTransportStream()
        ? 0
        : Math.floorDiv(last - raw + WRAP / 2, WRAP) * WRAP;
  }

  private long micros(long ticks) {
    return Rational.rescale(ticks, segment.leading().timeBase(), MICROS);
  }

  private long ticks(long micros) {
    return Rational.rescale(micros, MICROS, segment.leading().timeBase());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  @Override
  public void close() {
    segment.close();
  }
}
