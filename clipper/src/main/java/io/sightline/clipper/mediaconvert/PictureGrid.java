package io.sightline.clipper.mediaconvert;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.PieceComposer;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * When the pictures of a file are shown, and by which rate they can be counted. MediaConvert clips
 * by timecode, which counts pictures: that is exact only where they come at a constant rate.
 */
final class PictureGrid {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** What the source may mean when it says nothing, or something else than what comes. */
  private static final List<Rational> USUAL_RATES =
      List.of(
          new Rational(24_000, 1001),
          new Rational(24, 1),
          new Rational(25, 1),
          new Rational(30_000, 1001),
          new Rational(30, 1),
          new Rational(50, 1),
          new Rational(60_000, 1001),
          new Rational(60, 1),
          new Rational(15, 1),
          new Rational(10, 1),
          new Rational(5, 1));

  /** A picture may come this part of its duration early or late: times in milliseconds do. */
  private static final long TOLERATED_PART = 4;

  /** Positions are rounded once here and once where marks come from. */
  private static final long ROUNDING_MICROS = 2;

  private final long[] ticks;
  private final Rational unit;
  private final long startMicros;

  private PictureGrid(long[] ticks, Rational unit, long startMicros) {
    this.ticks = ticks;
    this.unit = unit;
    this.startMicros = startMicros;
  }

  /**
   * @param video a track of the index
   * @param startMicros position of its first picture
   */
  static PictureGrid of(ClipIndex index, TrackInfo video, ByteSource bytes, long startMicros)
      throws MediaException, IOException {
    PieceComposer composer = new PieceComposer(index, bytes);
    List<Long> shown = new ArrayList<>();
    for (ClipIndex.Piece piece : index.pieces()) {
      if (piece.track() == video.track()) {
        composer.compose(piece).samples().forEach(sample -> shown.add(sample.presentationTicks()));
      }
    }
    long[] ticks = shown.stream().mapToLong(Long::longValue).sorted().toArray();
    return new PictureGrid(ticks, new Rational(1, video.timescale()), startMicros);
  }

  /**
   * The rate at which the pictures come.
   *
   * @param declared what the source says; null when it says nothing
   */
  Optional<Rational> rate(Rational declared) {
    List<Rational> rates = new ArrayList<>();
    if (declared != null && declared.numerator() > 0) {
      rates.add(declared);
    }
    rates.addAll(USUAL_RATES);
    return rates.stream().filter(this::holds).findFirst();
  }

  /** How many pictures lie before a position. */
  long before(long positionMicros) {
    return Arrays.stream(ticks)
        .filter(tick -> position(tick) < positionMicros - ROUNDING_MICROS)
        .count();
  }

  /** Where a picture lies. */
  long position(int picture) {
    return position(ticks[picture]);
  }

  int pictures() {
    return ticks.length;
  }

  private long position(long tick) {
    return startMicros + Rational.rescale(tick - ticks[0], unit, MICROS);
  }

  private boolean holds(Rational rate) {
    Rational interval = new Rational(rate.denominator(), rate.numerator());
    long allowed = Rational.rescale(1, interval, MICROS) / TOLERATED_PART;
    return LongStream.range(0, ticks.length)
        .allMatch(
            number ->
                Math.abs(
                        position(ticks[(int) number])
                            - startMicros
                            - Rational.rescale(number, interval, MICROS))
                    <= allowed);
  }
}
