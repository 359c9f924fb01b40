package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pieces of a clip from one place where a decoder can start to the next, on the clip's
 * timeline. Its bytes are read when they are asked for, and kept. Not thread-safe.
 */
final class ClipGop {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final List<ClipIndex.Piece> pieces = new ArrayList<>();
  private final TrackInfo info;
  private final Rational unit;
  private List<Gop.Picture> pictures;

  private ClipGop(TrackInfo info, Rational unit) {
    this.info = info;
    this.unit = unit;
  }

  /** All of a track, in order. */
  static List<ClipGop> of(ClipIndex clip, int track) {
    Rational unit = new Rational(1, PieceComposer.leadOf(clip, track).timescale());
    List<ClipGop> gops = new ArrayList<>();
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (piece.track() == track) {
        if (piece.independent() || gops.isEmpty()) {
          gops.add(new ClipGop(PieceComposer.recordedAs(clip, piece), unit));
        }
        gops.get(gops.size() - 1).pieces.add(piece);
      }
    }
    return gops;
  }

  List<ClipIndex.Piece> pieces() {
    return pieces;
  }

  ClipIndex.Piece first() {
    return pieces.get(0);
  }

  /** What it was recorded with. */
  TrackInfo info() {
    return info;
  }

  /** When its first picture is shown, from the clip's first one on. */
  long startTicks() {
    return first().clipTicks();
  }

  /** When its last picture ends, from the clip's first one on. */
  long endTicks() {
    ClipIndex.Piece last = pieces.get(pieces.size() - 1);
    return last.clipTicks() + last.durationTicks();
  }

  /** All of them, in decoding order. */
  List<Gop.Picture> pictures(ClipReader reader) throws MediaException, IOException {
    if (pictures == null) {
      List<Gop.Picture> read = new ArrayList<>();
      for (int part = 0; part < pieces.size(); part++) {
        read.addAll(reader.samples(pieces.get(part), part));
      }
      pictures = read;
    }
    return pictures;
  }

  /** From when a picture counts as shown in the clip to its presentation time. */
  long delay(ClipReader reader) throws MediaException, IOException {
    return pictures(reader).stream().mapToLong(Gop.Picture::shown).min().orElseThrow()
        - startTicks();
  }

  /** The position of what is shown then, from the clip's first picture on. */
  long micros(long ticks) {
    return first().positionMicros() + Rational.rescale(ticks - startTicks(), unit, MICROS);
  }

  /** Lets its bytes go; they are read again when they are asked for. */
  void forget() {
    pictures = null;
  }
}
