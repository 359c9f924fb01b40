package io.sightline.media.hls;

import io.sightline.media.cut.PieceComposer;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipIndex.Piece;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Groups a track's pieces into media segments: about two seconds each, never more than four, from
 * one place where a decoder can start to the next where possible.
 *
 * <p>Pieces of one recorded stretch stay together, so that what is appended to a reel changes
 * nothing before it. A stretch of less than half a second joins the one behind it.
 */
final class ReelSegments {

  static final int TARGET_SECONDS = 4;

  private static final long USUAL_MICROS = 2 * Positions.MICROS_PER_SECOND;
  private static final long LONGEST_MICROS = TARGET_SECONDS * Positions.MICROS_PER_SECOND;
  private static final long SHORTEST_MICROS = Positions.MICROS_PER_SECOND / 2;
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final ClipIndex index;
  private final int track;
  private final Rational unit;
  private final List<List<Piece>> groups = new ArrayList<>();

  private ReelSegments(ClipIndex index, int track) {
    this.index = index;
    this.track = track;
    this.unit = new Rational(1, PieceComposer.leadOf(index, track).timescale());
  }

  static List<ReelSegment> of(ClipIndex index, int track) {
    ReelSegments segments = new ReelSegments(index, track);
    List<List<Piece>> stretches = segments.stretches();
    for (List<Piece> stretch : stretches) {
      segments.group(stretch);
    }
    return segments.named();
  }

  /** Those that stay as they are when clips are appended: a short stretch at the end waits. */
  static List<ReelSegment> settled(ClipIndex index, int track) {
    ReelSegments segments = new ReelSegments(index, track);
    List<List<Piece>> stretches = segments.stretches();
    int last = stretches.size() - 1;
    if (last >= 0 && segments.micros(stretches.get(last)) < SHORTEST_MICROS) {
      stretches.remove(last);
    }
    stretches.forEach(segments::group);
    return segments.named();
  }

  /** Pieces that were recorded one after another, with one configuration. */
  private List<List<Piece>> stretches() {
    List<List<Piece>> stretches = new ArrayList<>();
    Piece last = null;
    for (Piece piece : index.pieces()) {
      if (piece.track() == track) {
        boolean tooShort =
            last != null
                && sameConfiguration(last, piece)
                && micros(stretches.get(stretches.size() - 1)) < SHORTEST_MICROS;
        boolean apart = Boolean.TRUE.equals(piece.begins());
        if (last == null || !(runsOn(last, piece) && !apart || tooShort)) {
          stretches.add(new ArrayList<>());
        }
        stretches.get(stretches.size() - 1).add(piece);
        last = piece;
      }
    }
    return stretches;
  }

  private boolean runsOn(Piece before, Piece next) {
    long recordedEnd =
        before.decodeTicks()
            + Rational.rescale(
                before.durationTicks(),
                unit,
                new Rational(1, PieceComposer.recordedAs(index, before).timescale()));
    return sameConfiguration(before, next) && Math.abs(next.decodeTicks() - recordedEnd) <= 1;
  }

  private static boolean sameConfiguration(Piece one, Piece other) {
    return Objects.equals(one.configuration(), other.configuration());
  }

  private void group(List<Piece> stretch) {
    List<Piece> open = new ArrayList<>();
    int first = groups.size();
    for (Piece piece : stretch) {
      long held = micros(open);
      boolean full = held + micros(piece) > LONGEST_MICROS;
      if (!open.isEmpty() && (full || (held >= USUAL_MICROS && piece.independent()))) {
        groups.add(open);
        open = new ArrayList<>();
      }
      open.add(piece);
    }
    groups.add(open);
    joinShortEnd(first);
  }

  /** The last group of a stretch is never shorter than half a second, if that can be helped. */
  private void joinShortEnd(int first) {
    int last = groups.size() - 1;
    if (last <= first || micros(groups.get(last)) >= SHORTEST_MICROS) {
      return;
    }
    List<Piece> tail = groups.get(last);
    List<Piece> before = groups.get(last - 1);
    if (micros(before) + micros(tail) <= LONGEST_MICROS) {
      before.addAll(tail);
      groups.remove(last);
    } else if (before.size() > 1) {
      tail.add(0, before.remove(before.size() - 1));
    }
  }

  private List<ReelSegment> named() {
    List<ReelSegment> segments = new ArrayList<>();
    for (List<Piece> group : groups) {
      segments.add(
          new ReelSegment(
              "seg-" + track + "-" + segments.size() + ".m4s",
              initName(group.get(0)),
              track,
              group,
              duration(group, segments.size()),
              group.get(0).independent()));
    }
    return segments;
  }

  /**
   * From where the one before ends, so that a playlist's times are the media's, whatever is
   * appended.
   */
  private long duration(List<Piece> group, int position) {
    long start = group.get(0).clipTicks();
    if (position > 0) {
      long before = end(groups.get(position - 1));
      // A long hole in the sound is no part of a media segment.
      start = micros(start - before) < SHORTEST_MICROS ? before : start;
    }
    return micros(end(group) - start);
  }

  private static long end(List<Piece> group) {
    Piece last = group.get(group.size() - 1);
    return last.clipTicks() + last.durationTicks();
  }

  /** {@code init-{track}.mp4}; further configurations are numbered by their place in the index. */
  private String initName(Piece piece) {
    return piece.configuration() == null
        ? "init-" + track + ".mp4"
        : "init-" + track + "-" + piece.configuration() + ".mp4";
  }

  private long micros(List<Piece> pieces) {
    return pieces.stream().mapToLong(this::micros).sum();
  }

  private long micros(Piece piece) {
    return micros(piece.durationTicks());
  }

  private long micros(long ticks) {
    return Rational.rescale(ticks, unit, MICROS);
  }
}
