package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins clips to a reel on one timeline. All clips use one delay between decoding and presenting:
 * the largest of them. Sound is one grid of whole frames: a clip's sound begins where the one
 * before ended, and as many of its first frames are left out that it is never off by more than half
 * a frame from where it was recorded. A clip that ends where its recording does may lack a frame;
 * then the next one's sound comes up to one too early, rather than with a hole.
 *
 * <p>A reel of some clips is the beginning of the reel of those and more, as long as no later clip
 * brings a larger delay.
 */
public final class Reel {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final Configurations configurations = new Configurations();
  private final Map<TrackInfo.Kind, List<Integer>> numbers = new EnumMap<>(TrackInfo.Kind.class);
  private final Map<Integer, Long> soundEnds = new HashMap<>();
  private final List<ClipIndex.Piece> pieces = new ArrayList<>();
  private final long reorderMicros;
  private Rational unit;
  private long cursorTicks;

  private Reel(long reorderMicros) {
    this.reorderMicros = reorderMicros;
  }

  /**
   * Joins clips, in order.
   *
   * @param id of the reel
   * @throws MediaException UNSUPPORTED when there is nothing to join
   */
  public static ClipIndex join(String id, List<ClipIndex> clips) throws MediaException {
    Reel reel = new Reel(clips.stream().mapToLong(ClipIndex::reorderMicros).max().orElse(0));
    for (ClipIndex clip : clips) {
      if (!clip.pieces().isEmpty()) {
        reel.append(clip);
      }
    }
    if (reel.pieces.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.UNSUPPORTED, "A reel needs at least one clip with media");
    }
    return new ClipIndex(id, reel.configurations.entries(), reel.reorderMicros, reel.pieces);
  }

  /** How long a clip plays; 0 without media. */
  public static long lengthMicros(ClipIndex clip) {
    if (clip.pieces().isEmpty()) {
      return 0;
    }
    TrackInfo timing = timing(clip);
    long wait = timing.kind() == TrackInfo.Kind.VIDEO ? 0 : clip.reorderMicros();
    long end =
        clip.pieces().stream()
            .filter(piece -> piece.track() == timing.track())
            .mapToLong(piece -> piece.clipTicks() + piece.durationTicks())
            .max()
            .orElse(0);
    return Rational.rescale(end, new Rational(1, timing.timescale()), MICROS) - wait;
  }

  private void append(ClipIndex clip) {
    TrackInfo timing = timing(clip);
    Rational clipUnit = new Rational(1, timing.timescale());
    unit = unit == null ? clipUnit : unit;
    long wait =
        timing.kind() == TrackInfo.Kind.AUDIO
            ? Rational.rescale(clip.reorderMicros(), MICROS, clipUnit)
            : 0;
    long end = 0;
    Map<Integer, Integer> numberOf = numbersOf(clip);
    Map<Integer, SoundJoin> joins = new HashMap<>();
    for (ClipIndex.Piece piece : clip.pieces()) {
      TrackInfo recorded = PieceComposer.recordedAs(clip, piece);
      TrackInfo lead = PieceComposer.leadOf(clip, piece.track());
      int number = numberOf.get(piece.track());
      int configuration = configurations.indexOf(recorded, number);
      if (piece.track() == timing.track()) {
        end = Math.max(end, piece.clipTicks() + piece.durationTicks() - wait);
      }
      if (recorded.kind() == TrackInfo.Kind.VIDEO) {
        pieces.add(placed(piece, number, configuration, lead));
      } else {
        joins
            .computeIfAbsent(number, track -> new SoundJoin(clip, timing, track, lead))
            .add(piece, recorded, configuration);
      }
    }
    cursorTicks += Rational.rescale(end, clipUnit, unit);
  }

  /** The track that tells how long a clip is. */
  private static TrackInfo timing(ClipIndex clip) {
    return clip.tracks().stream()
        .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
        .findFirst()
        .orElse(clip.tracks().get(0));
  }

  /** The n-th track of a kind in the clip is the n-th of that kind in the reel. */
  private Map<Integer, Integer> numbersOf(ClipIndex clip) {
    Map<Integer, Integer> numberOf = new HashMap<>();
    Map<TrackInfo.Kind, Integer> seen = new EnumMap<>(TrackInfo.Kind.class);
    for (TrackInfo info : clip.tracks()) {
      if (!numberOf.containsKey(info.track())) {
        int ordinal = seen.merge(info.kind(), 1, Integer::sum) - 1;
        List<Integer> known = numbers.computeIfAbsent(info.kind(), kind -> new ArrayList<>());
        if (ordinal == known.size()) {
          known.add(1 + numbers.values().stream().mapToInt(List::size).sum());
        }
        numberOf.put(info.track(), known.get(ordinal));
      }
    }
    return numberOf;
  }

  private ClipIndex.Piece placed(
      ClipIndex.Piece piece, int number, int configuration, TrackInfo lead) {
    Rational from = new Rational(1, lead.timescale());
    Rational to = new Rational(1, configurations.lead(number).timescale());
    long start = Rational.rescale(piece.clipTicks(), from, to);
    long end = Rational.rescale(piece.clipTicks() + piece.durationTicks(), from, to);
    long base = Rational.rescale(cursorTicks, unit, to);
    return new ClipIndex.Piece(
        number,
        piece.key(),
        piece.offset(),
        piece.length(),
        piece.positionMicros(),
        piece.decodeTicks(),
        base + start,
        end - start,
        piece.independent(),
        configurations.nameOf(configuration),
        piece.begins());
  }

  /** The sound of one clip being laid onto the reel's grid. */
  private final class SoundJoin {

    private final int number;
    private final Rational from;
    private final Rational to;
    private final long ideal;
    private final long clipWait;
    private final long reelWait;
    private final long firstMicros;
    private long shift;
    private boolean begun;

    SoundJoin(ClipIndex clip, TrackInfo timing, int number, TrackInfo lead) {
      this.number = number;
      this.from = new Rational(1, lead.timescale());
      this.to = new Rational(1, configurations.lead(number).timescale());
      this.ideal = Rational.rescale(cursorTicks, unit, to);
      this.clipWait = Rational.rescale(clip.reorderMicros(), MICROS, from);
      this.reelWait = Rational.rescale(reorderMicros, MICROS, to);
      this.firstMicros =
          clip.pieces().stream()
              .filter(piece -> piece.track() == timing.track())
              .findFirst()
              .map(ClipIndex.Piece::positionMicros)
              .orElse(0L);
    }

    void add(ClipIndex.Piece piece, TrackInfo recorded, int configuration) {
      long start = Rational.rescale(piece.clipTicks() - clipWait, from, to);
      long end = Rational.rescale(piece.clipTicks() + piece.durationTicks() - clipWait, from, to);
      long decode = piece.decodeTicks();
      if (!begun) {
        long frame = FrameTicks.of(recorded);
        long frameInReel =
            Math.max(1, Rational.rescale(frame, new Rational(1, recorded.timescale()), to));
        long late = late(piece, start, frameInReel);
        long ahead = soundEnds.getOrDefault(number, 0L) - ideal - start - late;
        long left = ahead > frameInReel / 2 ? (ahead + frameInReel / 2) / frameInReel : 0;
        if (left * frameInReel >= end - start) {
          return;
        }
        begun = true;
        boolean onGrid = ahead - left * frameInReel >= -frameInReel - 1;
        shift = soundEnds.containsKey(number) && onGrid ? ahead - left * frameInReel + late : 0;
        start += left * frameInReel;
        decode += left * frame;
      }
      long at = ideal + start + shift;
      soundEnds.put(number, ideal + end + shift);
      pieces.add(
          new ClipIndex.Piece(
              number,
              piece.key(),
              piece.offset(),
              piece.length(),
              piece.positionMicros(),
              decode,
              at + reelWait,
              end - start,
              piece.independent(),
              configurations.nameOf(configuration),
              piece.begins()));
    }

    /** By how much later than its clip plays it the first frame was recorded, up to half of one. */
    private long late(ClipIndex.Piece piece, long start, long frame) {
      long recorded = Rational.rescale(piece.positionMicros() - firstMicros, MICROS, to);
      return Math.abs(recorded - start) <= frame / 2 + 1 ? recorded - start : 0;
    }
  }
}
