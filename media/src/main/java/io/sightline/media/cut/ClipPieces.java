package io.sightline.media.cut;

import io.sightline.records.ClipIndex;

/** Pieces like others. */
final class ClipPieces {

  private ClipPieces() {}

  /** The same piece at another time. */
  static ClipIndex.Piece moved(ClipIndex.Piece piece, long clipTicks, Integer configuration) {
    return new ClipIndex.Piece(
        piece.track(),
        piece.key(),
        piece.offset(),
        piece.length(),
        piece.positionMicros(),
        piece.decodeTicks(),
        clipTicks,
        piece.durationTicks(),
        piece.independent(),
        configuration,
        piece.begins());
  }
}
