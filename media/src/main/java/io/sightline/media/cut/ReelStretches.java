package io.sightline.media.cut;

import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Takes a reel apart into stretches, each with pictures of one configuration and at most one sound
 * track, for readers that take no more in one file. A stretch begins where a decoder can start; one
 * after another, their pictures are those of the reel. Sound may go on behind the last picture of a
 * stretch, where a fragment of it does.
 */
public final class ReelStretches {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final ClipIndex reel;
  private final List<ClipIndex.Piece> pictures;
  private final List<ClipIndex.Piece> sound;

  /** By when it is heard. */
  private final TreeMap<Long, ClipIndex.Piece> soundFrom = new TreeMap<>();

  private ReelStretches(ClipIndex reel) {
    this.reel = reel;
    this.pictures = pieces(TrackInfo.Kind.VIDEO);
    this.sound = pieces(TrackInfo.Kind.AUDIO);
    sound.forEach(piece -> soundFrom.put(heard(piece, 0), piece));
  }

  /**
   * The stretches of a reel, in order; none when it has no pictures. A new one begins where the
   * pictures' configuration changes, or the codec, rate or channels of the sound.
   *
   * @param reel of which the first track of pictures and the first of sound are taken
   */
  public static List<ClipIndex> of(ClipIndex reel) {
    ReelStretches all = new ReelStretches(reel);
    List<Integer> starts = new ArrayList<>();
    Form form = null;
    for (int at = 0; at < all.pictures.size(); at++) {
      // Where nothing is heard, what is heard before and behind goes on.
      Form heard = all.soundOf(at);
      boolean otherSound = heard != null && form != null && !heard.equals(form);
      if (at == 0 || all.pictures.get(at).independent() && (otherSound || !all.samePictures(at))) {
        starts.add(at);
        form = null;
      }
      form = form == null ? heard : form;
    }
    return all.between(starts);
  }

  /**
   * The same stretch as two, at the join of what was recorded apart that is nearest to its middle;
   * empty when it was recorded as one.
   *
   * @param stretch one of {@link #of}
   */
  public static Optional<List<ClipIndex>> halves(ClipIndex stretch) {
    ReelStretches all = new ReelStretches(stretch);
    int middle = all.pictures.size() / 2;
    return IntStream.range(1, all.pictures.size())
        .filter(at -> all.pictures.get(at).independent() && !all.runsOn(at))
        .boxed()
        .min(Comparator.comparingInt(at -> Math.abs(at - middle)))
        .map(at -> all.between(List.of(0, at)));
  }

  private List<ClipIndex> between(List<Integer> starts) {
    List<ClipIndex> stretches = new ArrayList<>();
    for (int number = 0; number < starts.size(); number++) {
      int end = number + 1 < starts.size() ? starts.get(number + 1) : pictures.size();
      stretches.add(stretch(starts.get(number), end));
    }
    return stretches;
  }

  private List<ClipIndex.Piece> pieces(TrackInfo.Kind kind) {
    return reel.tracks().stream()
        .filter(info -> info.kind() == kind)
        .findFirst()
        .map(lead -> reel.pieces().stream().filter(piece -> piece.track() == lead.track()).toList())
        .orElse(List.of());
  }

  private boolean samePictures(int at) {
    return recorded(pictures.get(at - 1)).equals(recorded(pictures.get(at)));
  }

  /** What a decoder of sound has to know: where that is the same, one header does. */
  private record Form(String codec, int timescale, int sampleRate, int channels) {

    static Form of(TrackInfo info) {
      return new Form(info.codec(), info.timescale(), info.sampleRate(), info.channels());
    }
  }

  /** Of what is heard in the middle of a piece of pictures; null for nothing. */
  private Form soundOf(int picture) {
    ClipIndex.Piece shown = pictures.get(picture);
    long middle = micros(shown, shown.durationTicks() / 2);
    Map.Entry<Long, ClipIndex.Piece> last = soundFrom.floorEntry(middle);
    return last == null || heard(last.getValue(), last.getValue().durationTicks()) <= middle
        ? null
        : Form.of(recorded(last.getValue()));
  }

  private boolean runsOn(int at) {
    ClipIndex.Piece before = pictures.get(at - 1);
    // In a stretch, ticks are those of the recording.
    long end = before.decodeTicks() + before.durationTicks();
    return Math.abs(pictures.get(at).decodeTicks() - end) <= 1;
  }

  private ClipIndex stretch(int from, int to) {
    TrackInfo video = recorded(pictures.get(from));
    long startMicros = micros(pictures.get(from), 0);
    long endMicros = to < pictures.size() ? micros(pictures.get(to), 0) : Long.MAX_VALUE;
    Rational lead = unit(lead(pictures.get(from)));
    Rational own = unit(video);
    long first = pictures.get(from).clipTicks();
    List<TrackInfo> tracks = new ArrayList<>(List.of(video));
    List<ClipIndex.Piece> pieces = new ArrayList<>();
    for (ClipIndex.Piece piece : pictures.subList(from, to)) {
      long at = Rational.rescale(piece.clipTicks() - first, lead, own);
      long end = Rational.rescale(piece.clipTicks() + piece.durationTicks() - first, lead, own);
      pieces.add(placed(piece, piece.decodeTicks(), at, end - at));
    }
    Form form =
        IntStream.range(from, to)
            .mapToObj(this::soundOf)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    for (ClipIndex.Piece piece : sound) {
      TrackInfo recorded = recorded(piece);
      if (heard(piece, 0) < endMicros && Form.of(recorded).equals(form)) {
        sound(piece, recorded, startMicros, pieces);
        if (tracks.size() == 1 && pieces.get(pieces.size() - 1).track() == recorded.track()) {
          tracks.add(recorded);
        }
      }
    }
    pieces.sort(
        Comparator.comparingLong(
            piece -> Rational.rescale(piece.clipTicks(), unit(tracks, piece), MICROS)));
    return new ClipIndex(reel.clip(), tracks, reel.reorderMicros(), pieces);
  }

  private static Rational unit(List<TrackInfo> tracks, ClipIndex.Piece piece) {
    boolean picture = piece.track() == tracks.get(0).track();
    return unit(tracks.get(picture ? 0 : 1));
  }

  /** Adds what is heard of a piece from a stretch's first picture on, in whole frames. */
  private void sound(
      ClipIndex.Piece piece, TrackInfo recorded, long startMicros, List<ClipIndex.Piece> pieces) {
    Rational lead = unit(lead(piece));
    Rational own = unit(recorded);
    long wait = Rational.rescale(reel.reorderMicros(), MICROS, own);
    long start = Rational.rescale(startMicros, MICROS, own);
    long at = Rational.rescale(piece.clipTicks(), lead, own) - wait - start;
    long end =
        Rational.rescale(piece.clipTicks() + piece.durationTicks(), lead, own) - wait - start;
    long frame = Math.max(1, FrameTicks.of(recorded));
    long left = at < -frame / 2 ? (-at + frame / 2) / frame * frame : 0;
    if (end - at > left) {
      pieces.add(placed(piece, piece.decodeTicks() + left, at + left + wait, end - at - left));
    }
  }

  private static ClipIndex.Piece placed(
      ClipIndex.Piece piece, long decodeTicks, long clipTicks, long durationTicks) {
    return new ClipIndex.Piece(
        piece.track(),
        piece.key(),
        piece.offset(),
        piece.length(),
        piece.positionMicros(),
        decodeTicks,
        clipTicks,
        durationTicks,
        piece.independent());
  }

  /** When it is decoded in the reel, or shown, as the delay is the same for all. */
  private long micros(ClipIndex.Piece piece, long intoTicks) {
    return Rational.rescale(piece.clipTicks() + intoTicks, unit(lead(piece)), MICROS);
  }

  private long heard(ClipIndex.Piece piece, long intoTicks) {
    return micros(piece, intoTicks) - reel.reorderMicros();
  }

  private TrackInfo recorded(ClipIndex.Piece piece) {
    return PieceComposer.recordedAs(reel, piece);
  }

  private TrackInfo lead(ClipIndex.Piece piece) {
    return PieceComposer.leadOf(reel, piece.track());
  }

  private static Rational unit(TrackInfo info) {
    return new Rational(1, info.timescale());
  }
}
