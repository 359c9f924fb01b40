package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Fades a sound track of a clip in and out, as its pictures are. Frames are encoded that a fade
 * touches, and one more where recorded ones go on, as neighbouring frames overlap; they take the
 * places of those that were there.
 *
 * <p>AAC-LC of the recording's rate and channels stands under its header. Any other sound becomes
 * that as a whole: players do not take two codecs in one track.
 */
final class FadedSound {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** That codec whose frames ours stand among. */
  private static final String AAC_LC = "mp4a.40.2";

  /** A decoder and an encoder are in step after as many frames. */
  private static final int AROUND = 4;

  private final ClipReader reader;
  private final List<ClipIndex.Piece> all;
  private final Fade in;
  private final Fade out;
  private final FadedPieces pieces;
  private final ClipIndex clip;
  private final TrackInfo lead;
  private final Rational unit;
  private final long wait;
  private final long frame;
  private final double start;
  private final double inSeconds;
  private final double endSeconds;
  private final double outSeconds;

  /**
   * @param clip its sound of this track is of one configuration, but for {@link #fitting}
   * @param lengthMicros of the clip's pictures
   */
  FadedSound(
      ClipReader reader,
      ClipIndex clip,
      TrackInfo lead,
      Fade in,
      Fade out,
      long lengthMicros,
      FadedPieces pieces) {
    this.reader = reader;
    this.clip = clip;
    this.lead = lead;
    this.in = in;
    this.out = out;
    this.pieces = pieces;
    all = clip.pieces().stream().filter(piece -> piece.track() == lead.track()).toList();
    unit = new Rational(1, lead.timescale());
    wait = pieces.ticks(clip.reorderMicros());
    frame = Math.max(1, FrameTicks.of(lead));
    start = Positions.seconds(clip.reorderMicros());
    inSeconds = in == null ? 0 : Positions.seconds(in.micros());
    endSeconds = Positions.seconds(lengthMicros);
    outSeconds = out == null ? 0 : Positions.seconds(out.micros());
  }

  /**
   * The clip with sound among which ours can stand; the same one when it has that already.
   *
   * @param made takes what is encoded
   * @throws MediaException UNSUPPORTED when the sound cannot be decoded
   */
  ClipIndex fitting(FadedPieces made) throws MediaException, IOException {
    boolean fits = true;
    for (ClipIndex.Piece piece : all) {
      fits &= PieceComposer.recordedAs(clip, piece).equals(lead);
    }
    if (fits) {
      try (TrackEncoder probe = TrackEncoder.ofSound(reader.source(all.get(0)), 1)) {
        fits = fits(lead, probe.track());
      }
    }
    if (fits) {
      return clip;
    }
    List<FadedPieces.Part> parts =
        encode("sound", all.get(0).clipTicks(), end(all.get(all.size() - 1)), seconds -> 1, made);
    return new ClipIndex(
        clip.clip(),
        List.of(parts.get(0).info()),
        clip.reorderMicros(),
        parts.stream().map(FadedPieces.Part::piece).toList());
  }

  /**
   * Adds the pieces.
   *
   * @throws MediaException UNSUPPORTED when the sound cannot be decoded
   */
  void fade() throws MediaException, IOException {
    long first = all.get(0).clipTicks();
    long end = end(all.get(all.size() - 1));
    // On the clip's timeline, at whose beginning sound waits for the pictures.
    long headEnd = in == null ? first : whole(wait + ticks(inSeconds) - first) + first;
    long tail = out == null ? end : wait + ticks(endSeconds - outSeconds) - frame;
    int at = containing(tail);
    long tailStart = out == null ? end : first(at, tail);
    if (out != null && tailStart < headEnd) {
      pieces.last.addAll(head(headEnd));
      pieces.last.addAll(rest(headEnd));
      String name = "faded-" + (in == null ? "" : in.name() + "-") + out.name();
      pieces.joined.addAll(encode(name, first, end, this::both));
      return;
    }
    pieces.open.addAll(head(headEnd));
    List<FadedPieces.Part> rest = rest(headEnd);
    for (FadedPieces.Part part : rest) {
      boolean before = out == null || end(part.piece()) <= all.get(at).clipTicks();
      (before ? pieces.open : pieces.last).add(part);
    }
    if (out != null && tailStart >= end) {
      // Sound may end before the fade begins.
      pieces.joined.addAll(pieces.last);
    } else if (out != null) {
      long from = Math.max(headEnd, all.get(at).clipTicks());
      if (from < tailStart) {
        pieces.joined.add(copied(at, from, tailStart));
      }
      pieces.joined.addAll(encode("out-" + out.name(), tailStart, end, this::shareOut));
    }
  }

  private List<FadedPieces.Part> head(long headEnd) throws MediaException, IOException {
    // Sound may begin when the fade is over.
    return in == null || headEnd <= all.get(0).clipTicks()
        ? List.of()
        : encode("in-" + in.name(), all.get(0).clipTicks(), headEnd, this::shareIn);
  }

  /** What is behind a time, as it is; of a piece that begins before it, its later frames. */
  private List<FadedPieces.Part> rest(long from) {
    List<FadedPieces.Part> parts = new ArrayList<>();
    for (ClipIndex.Piece piece : all) {
      if (piece.clipTicks() >= from - frame / 2) {
        parts.add(new FadedPieces.Part(piece, lead));
      } else if (end(piece) > from + frame / 2) {
        parts.add(new FadedPieces.Part(later(piece, from), lead));
      }
    }
    return parts;
  }

  /** A piece without its first frames, which stay where they are and are left out. */
  private ClipIndex.Piece later(ClipIndex.Piece piece, long from) {
    return new ClipIndex.Piece(
        piece.track(),
        piece.key(),
        piece.offset(),
        piece.length(),
        piece.positionMicros() + micros(from - piece.clipTicks()),
        piece.decodeTicks() + from - piece.clipTicks(),
        from,
        end(piece) - from,
        piece.independent(),
        null);
  }

  /** The frames of a piece between two times, in a fragment of their own. */
  private FadedPieces.Part copied(int index, long from, long to)
      throws MediaException, IOException {
    ClipIndex.Piece piece = all.get(index);
    MadeFragment fragment = new MadeFragment();
    for (Gop.Picture sample : reader.samples(piece, 0)) {
      long at = sample.sample().decodeTicks();
      if (at >= from - frame / 2 && at < to - frame / 2) {
        long until = at + sample.sample().durationTicks();
        fragment.add(at, until, sample.shown(), true, sample.data());
      }
    }
    long position = piece.positionMicros() + micros(from - piece.clipTicks());
    return pieces.made("before-" + out.name(), lead, fragment, position, piece.independent());
  }

  private List<FadedPieces.Part> encode(String name, long from, long to, DoubleUnaryOperator gain)
      throws MediaException, IOException {
    return encode(name, from, to, gain, pieces);
  }

  /** Encodes what lies between two times. */
  private List<FadedPieces.Part> encode(
      String name, long from, long to, DoubleUnaryOperator gain, FadedPieces target)
      throws MediaException, IOException {
    List<Packet> made = new ArrayList<>();
    SourceTrack encoded = null;
    for (List<ClipIndex.Piece> alike : alike(from, to)) {
      try (TrackEncoder encoder =
          TrackEncoder.ofSound(
              reader.source(alike.get(0)), seconds -> gain.applyAsDouble(seconds - start))) {
        if (encoded != null && !encoded.timeBase().equals(encoder.track().timeBase())) {
          throw new MediaException(
              Reason.UNSUPPORTED, "its sound changes its sample rate: it cannot fade");
        }
        encoded = encoder.track();
        for (ClipIndex.Piece piece : alike) {
          for (Packet packet : reader.packets(piece)) {
            if (packet.pts() >= from - AROUND * frame && packet.pts() < to + AROUND * frame) {
              encoder.accept(packet, made::add);
            }
          }
        }
        encoder.finish(made::add);
      }
    }
    return stored(name, encoded, made, from, to, target);
  }

  /** The pieces in and around a stretch; those of one configuration together. */
  private List<List<ClipIndex.Piece>> alike(long from, long to) {
    List<List<ClipIndex.Piece>> alike = new ArrayList<>();
    TrackInfo known = null;
    for (ClipIndex.Piece piece : all) {
      if (end(piece) <= from - AROUND * frame || piece.clipTicks() >= to + AROUND * frame) {
        continue;
      }
      TrackInfo info = PieceComposer.recordedAs(clip, piece);
      if (!info.equals(known)) {
        alike.add(new ArrayList<>());
        known = info;
      }
      alike.get(alike.size() - 1).add(piece);
    }
    return alike;
  }

  private List<FadedPieces.Part> stored(
      String name, SourceTrack encoded, List<Packet> made, long from, long to, FadedPieces target)
      throws MediaException, IOException {
    List<FadedPieces.Part> parts = new ArrayList<>();
    MadeFragment fragment = new MadeFragment();
    long half = frame / 2;
    TrackInfo info =
        encoded == null || fits(lead, encoded) ? lead : described(lead, encoded, target);
    for (Packet packet : made) {
      long at = Rational.rescale(packet.pts(), encoded.timeBase(), unit);
      long until = Rational.rescale(packet.pts() + packet.duration(), encoded.timeBase(), unit);
      if (at < from - half || at >= to - half) {
        continue;
      }
      fragment.add(at, until, at, true, packet.data());
      if (until - fragment.samples().get(0).decodeTicks() >= lead.timescale()) {
        parts.add(put(name, info, fragment, target));
        fragment = new MadeFragment();
      }
    }
    if (!fragment.samples().isEmpty()) {
      parts.add(put(name, info, fragment, target));
    }
    if (parts.isEmpty()) {
      throw new MediaException(Reason.UNSUPPORTED, "its sound at the ends cannot be decoded");
    }
    return parts;
  }

  private FadedPieces.Part put(
      String name, TrackInfo info, MadeFragment fragment, FadedPieces target) throws IOException {
    long at = fragment.samples().get(0).decodeTicks();
    ClipIndex.Piece like = all.get(containing(at));
    long position = like.positionMicros() + micros(at - like.clipTicks());
    return target.made(name, info, fragment, position, true);
  }

  /** Whether what is encoded can stand under the header of what was recorded. */
  static boolean fits(TrackInfo info, SourceTrack encoded) {
    return info.codec().equals(AAC_LC)
        && info.sampleRate() == encoded.sampleRate()
        && info.channels() == encoded.channels();
  }

  /** Sound in the place of what was recorded, with a header of its own. */
  static TrackInfo described(TrackInfo lead, SourceTrack encoded, FadedPieces target)
      throws MediaException, IOException {
    InitSegment init = InitSegment.of(encoded, lead.timescale());
    return new TrackInfo(
        lead.track(),
        lead.kind(),
        init.codec(),
        target.init(lead.track(), init.write()),
        lead.timescale(),
        0,
        0,
        0,
        lead.frameRate(),
        encoded.sampleRate(),
        encoded.channels(),
        lead.language());
  }

  private double shareIn(double seconds) {
    return inSeconds == 0 ? 1 : Math.max(0, Math.min(1, seconds / inSeconds));
  }

  private double shareOut(double seconds) {
    return outSeconds == 0 ? 1 : Math.max(0, Math.min(1, (endSeconds - seconds) / outSeconds));
  }

  private double both(double seconds) {
    return Math.min(shareIn(seconds), shareOut(seconds));
  }

  /** The index of the last piece that begins at or before a time. */
  private int containing(long ticks) {
    int index = all.size() - 1;
    while (index > 0 && all.get(index).clipTicks() > ticks) {
      index--;
    }
    return index;
  }

  /** When the last frame of a piece begins that begins at or before a time; or its first one. */
  private long first(int index, long ticks) {
    long begin = all.get(index).clipTicks();
    long frames = Math.max(0, ticks - begin) / frame;
    return begin + frames * frame;
  }

  /** Up to the end of a frame. */
  private long whole(long ticks) {
    return (Math.max(0, ticks) + frame - 1) / frame * frame;
  }

  private long ticks(double seconds) {
    return Math.round(seconds * lead.timescale());
  }

  private long micros(long ticks) {
    return Rational.rescale(ticks, unit, MICROS);
  }

  private static long end(ClipIndex.Piece piece) {
    return piece.clipTicks() + piece.durationTicks();
  }
}
