package io.sightline.media.render;

import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.util.Map;
import java.util.TreeMap;

/** Where in the recording what lies at a time of a rendition was, by the pieces it is made of. */
final class PiecePositions {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final TreeMap<Long, Long> positions = new TreeMap<>();

  /** A piece begins at this time. */
  void add(long ticks, long positionMicros) {
    positions.put(ticks, positionMicros);
  }

  /**
   * @param unit of {@code ticks}; at least one piece was added
   */
  long at(long ticks, Rational unit) {
    Map.Entry<Long, Long> piece = positions.floorEntry(ticks);
    piece = piece == null ? positions.firstEntry() : piece;
    return piece.getValue() + Rational.rescale(ticks - piece.getKey(), unit, MICROS);
  }
}
