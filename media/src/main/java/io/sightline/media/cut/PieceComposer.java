package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings recorded fragments onto the timeline of a clip or reel. Most often that changes eight
 * bytes, the decode time; where a recording's delay or timescale differs from the reel's, or
 * samples are left out at its start, the {@code moof} is written anew. The bytes of the media are
 * never touched, and not read here.
 */
public final class PieceComposer {

  private static final int USUAL_HEAD = 4 * 1024;
  private static final int MDAT_HEADER = 8;
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final ClipIndex index;
  private final ByteSource bytes;

  public PieceComposer(ClipIndex index, ByteSource bytes) {
    this.index = index;
    this.bytes = bytes;
  }

  /**
   * Composes one piece of the index. Reads its {@code moof}.
   *
   * @throws MediaException MALFORMED when the recorded bytes are not what the index says
   */
  public ComposedPiece compose(ClipIndex.Piece piece) throws MediaException, IOException {
    TrackInfo recorded = recordedAs(index, piece);
    TrackInfo lead = leadOf(index, piece.track());
    byte[] head = readHead(piece);
    MovieFragment fragment = MovieFragment.read(head);
    long growth = growth(recorded, lead, index.reorderMicros());
    boolean whole = piece.decodeTicks() <= fragment.decodeTicks();
    if (growth == 0 && whole && recorded.timescale() == lead.timescale()) {
      byte[] moof = new byte[fragment.length()];
      System.arraycopy(head, 0, moof, 0, moof.length);
      return new ComposedPiece(
          MovieFragment.withDecodeTime(moof, piece.clipTicks()),
          new DataRange(piece.key(), piece.offset() + moof.length, piece.length() - moof.length),
          data(piece, fragment.samples()),
          shifted(fragment.samples(), piece.clipTicks() - fragment.decodeTicks()));
    }
    List<FragmentSample> kept =
        fragment.samples().stream()
            .filter(sample -> sample.decodeTicks() >= piece.decodeTicks())
            .toList();
    if (kept.isEmpty()) {
      throw malformed(piece, "holds nothing from its decode time on");
    }
    List<FragmentSample> moved = moved(piece, kept, recorded, lead, growth);
    DataRange data = data(piece, kept);
    return new ComposedPiece(MovieFragment.header(1, piece.clipTicks(), moved), data, data, moved);
  }

  /** What a piece was recorded with. */
  public static TrackInfo recordedAs(ClipIndex index, ClipIndex.Piece piece) {
    return piece.configuration() == null
        ? leadOf(index, piece.track())
        : index.tracks().get(piece.configuration());
  }

  /** The first entry of a track, whose timescale is that of the whole track. */
  public static TrackInfo leadOf(ClipIndex index, int track) {
    return index.tracks().stream()
        .filter(info -> info.track() == track)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The clip " + index.clip() + " has no track " + track));
  }

  /** By how much composition offsets grow to reach the reel's delay, in the lead's ticks. */
  static long growth(TrackInfo recorded, TrackInfo lead, long reorderMicros) {
    if (recorded.kind() != TrackInfo.Kind.VIDEO) {
      return 0;
    }
    Rational unit = new Rational(1, recorded.timescale());
    long own = Rational.rescale(recorded.reorderTicks(), unit, MICROS);
    return own == reorderMicros
        ? 0
        : Math.max(
            0, Rational.rescale(reorderMicros - own, MICROS, new Rational(1, lead.timescale())));
  }

  private byte[] readHead(ClipIndex.Piece piece) throws MediaException, IOException {
    byte[] head = read(piece, Math.min(piece.length(), USUAL_HEAD));
    int length = MovieFragment.lengthOf(head);
    if (length + MDAT_HEADER > piece.length()) {
      throw malformed(piece, "is shorter than its header says");
    }
    return length <= head.length ? head : read(piece, length);
  }

  private byte[] read(ClipIndex.Piece piece, long length) throws MediaException, IOException {
    byte[] head = bytes.read(piece.key(), piece.offset(), length);
    if (head.length < length) {
      throw malformed(piece, "breaks off");
    }
    return head;
  }

  private static List<FragmentSample> shifted(List<FragmentSample> samples, long shift) {
    List<FragmentSample> moved = new ArrayList<>(samples.size());
    for (FragmentSample sample : samples) {
      moved.add(
          new FragmentSample(
              sample.decodeTicks() + shift,
              sample.durationTicks(),
              sample.compositionTicks(),
              sample.sync(),
              sample.offset(),
              sample.size()));
    }
    return moved;
  }

  private static List<FragmentSample> moved(
      ClipIndex.Piece piece,
      List<FragmentSample> kept,
      TrackInfo recorded,
      TrackInfo lead,
      long growth) {
    Rational from = new Rational(1, recorded.timescale());
    Rational to = new Rational(1, lead.timescale());
    long first = kept.get(0).decodeTicks();
    List<FragmentSample> moved = new ArrayList<>(kept.size());
    for (FragmentSample sample : kept) {
      long start = Rational.rescale(sample.decodeTicks() - first, from, to);
      long end = Rational.rescale(sample.decodeTicks() + sample.durationTicks() - first, from, to);
      moved.add(
          new FragmentSample(
              piece.clipTicks() + start,
              end - start,
              Rational.rescale(sample.compositionTicks(), from, to) + growth,
              sample.sync(),
              sample.offset(),
              sample.size()));
    }
    return moved;
  }

  /** Where the bytes of consecutive samples lie. */
  private static DataRange data(ClipIndex.Piece piece, List<FragmentSample> samples)
      throws MediaException {
    long at = samples.isEmpty() ? 0 : samples.get(0).offset();
    long start = at;
    for (FragmentSample sample : samples) {
      if (sample.offset() != at) {
        throw malformed(piece, "does not hold its samples in order");
      }
      at += sample.size();
    }
    if (at > piece.length()) {
      throw malformed(piece, "is shorter than its samples");
    }
    return new DataRange(piece.key(), piece.offset() + start, at - start);
  }

  private static MediaException malformed(ClipIndex.Piece piece, String what) {
    return new MediaException(
        MediaException.Reason.MALFORMED,
        "The fragment at " + piece.offset() + " of " + piece.key() + " " + what);
  }
}
