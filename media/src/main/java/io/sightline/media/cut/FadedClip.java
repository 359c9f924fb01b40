package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A clip whose pictures and sound fade in and out, for a reel that may go on behind it. All that a
 * fade does not touch is what the clip was made of. All three indexes have one header, and what is
 * in {@code open} stands at the beginning of the others, so that a playlist of it only grows.
 *
 * @param open what is the same whatever follows, up to the last place before the fade out where a
 *     decoder can start; null when that is nothing
 * @param last the clip when nothing follows: it does not fade out
 * @param joined the clip when something follows
 * @param note how it differs from what was asked, in words; null when it does not
 */
public record FadedClip(ClipIndex open, ClipIndex last, ClipIndex joined, String note) {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /**
   * Fades a clip. Where it is shorter than two of its fades, those are shortened to its half.
   *
   * @param folder for the keys of new objects, with a slash at its end
   * @param in null when it begins as it is; without both, it only gets the header that it would
   *     have
   * @param out null when it ends as it is, whatever follows
   * @param bytes where the clip's objects are; read on the caller's thread
   * @param made takes the objects that the indexes name besides the clip's
   * @throws MediaException UNSUPPORTED when it cannot be decoded; MALFORMED when its objects are
   *     not what its index says
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static FadedClip of(
      ClipIndex clip, Fade in, Fade out, String folder, ByteSource bytes, ObjectSink made)
      throws MediaException, IOException {
    // What is made at the ends is little, and of no use when everything is encoded after all.
    List<NewObject> edges = new ArrayList<>();
    try {
      FadedClip faded = of(clip, in, out, folder, bytes, edges::add, null);
      for (NewObject edge : edges) {
        made.put(edge);
      }
      return faded;
    } catch (MediaException e) {
      if (e.reason() != Reason.UNSUPPORTED) {
        throw e;
      }
      return of(clip, in, out, folder, bytes, made, e.getMessage());
    }
  }

  /**
   * @param whole why everything is encoded; null when it is not
   */
  private static FadedClip of(
      ClipIndex clip,
      Fade in,
      Fade out,
      String folder,
      ByteSource bytes,
      ObjectSink made,
      String whole)
      throws MediaException, IOException {
    if (leads(clip).isEmpty()) {
      throw new MediaException(Reason.MALFORMED, "A clip without media cannot fade");
    }
    long length = Reel.lengthMicros(clip);
    Fade shortIn = within(in, length);
    Fade shortOut = within(out, length);
    ClipReader reader = new ClipReader(clip, bytes);
    Map<TrackInfo, TrackInfo> infoOf = new HashMap<>();
    String sound = null;
    List<FadedPieces> tracks = new ArrayList<>();
    for (TrackInfo lead : leads(clip)) {
      FadedPieces pieces = new FadedPieces(folder, lead, clip.reorderMicros(), made);
      tracks.add(pieces);
      if (lead.kind() == TrackInfo.Kind.VIDEO) {
        FadedPictures pictures =
            new FadedPictures(
                reader, ClipGop.of(clip, lead.track()), shortIn, shortOut, pieces, whole != null);
        pictures.fade();
        clip.tracks().forEach(info -> infoOf.put(info, pictures.infoOf(info)));
        continue;
      }
      MadeObjects encoded = new MadeObjects(bytes, made);
      ClipIndex heard =
          new FadedSound(reader, clip, lead, shortIn, shortOut, length, pieces)
              .fitting(new FadedPieces(folder, lead, clip.reorderMicros(), encoded));
      TrackInfo fitting = PieceComposer.leadOf(heard, lead.track());
      clip.tracks().stream()
          .filter(info -> info.track() == lead.track())
          .forEach(info -> infoOf.put(info, fitting));
      sound = heard == clip ? sound : "its sound is encoded as a whole to fade";
      new FadedSound(
              new ClipReader(heard, encoded), heard, fitting, shortIn, shortOut, length, pieces)
          .fade();
    }
    boolean anything = tracks.stream().noneMatch(pieces -> pieces.open.isEmpty());
    ClipIndex last = index(clip, infoOf, tracks, pieces -> pieces.last);
    return new FadedClip(
        anything ? index(clip, infoOf, tracks, pieces -> List.of()) : null,
        last,
        out == null ? last : index(clip, infoOf, tracks, pieces -> pieces.joined),
        note(in, out, shortIn, shortOut, whole, sound));
  }

  /** Pictures first, as sound follows them. */
  private static List<TrackInfo> leads(ClipIndex clip) {
    return clip.tracks().stream()
        .filter(info -> PieceComposer.leadOf(clip, info.track()) == info)
        .filter(info -> clip.pieces().stream().anyMatch(piece -> piece.track() == info.track()))
        .sorted(Comparator.comparing(info -> info.kind() != TrackInfo.Kind.VIDEO))
        .toList();
  }

  private static Fade within(Fade fade, long lengthMicros) {
    return fade == null || fade.micros() <= lengthMicros / 2
        ? fade
        : fade.of(Math.max(1, lengthMicros / 2));
  }

  private static String note(
      Fade in, Fade out, Fade shortIn, Fade shortOut, String whole, String sound) {
    List<String> words = new ArrayList<>();
    if (in != shortIn || out != shortOut) {
      Fade one = in != shortIn ? shortIn : shortOut;
      words.add(
          String.format(
              Locale.ROOT,
              "a fade is shortened to %.2f s, half of it",
              Positions.seconds(one.micros())));
    }
    if (whole != null) {
      words.add("it is encoded as a whole to fade: " + whole);
    }
    if (sound != null) {
      words.add(sound);
    }
    return words.isEmpty() ? null : String.join("; ", words);
  }

  private static ClipIndex index(
      ClipIndex clip,
      Map<TrackInfo, TrackInfo> infoOf,
      List<FadedPieces> tracks,
      Function<FadedPieces, List<FadedPieces.Part>> end) {
    Configurations configurations = new Configurations();
    for (TrackInfo info : clip.tracks()) {
      configurations.indexOf(infoOf.getOrDefault(info, info), info.track());
    }
    List<ClipIndex.Piece> placed = new ArrayList<>();
    for (FadedPieces pieces : tracks) {
      for (FadedPieces.Part part : pieces.open) {
        placed.add(placed(part, configurations));
      }
      boolean first = true;
      for (FadedPieces.Part part : end.apply(pieces)) {
        ClipIndex.Piece piece = placed(part, configurations);
        placed.add(first ? piece.beginning() : piece);
        first = false;
      }
    }
    placed.sort(
        Comparator.comparingLong((ClipIndex.Piece piece) -> micros(configurations, piece))
            .thenComparingInt(ClipIndex.Piece::track));
    return new ClipIndex(clip.clip(), configurations.entries(), clip.reorderMicros(), placed);
  }

  private static ClipIndex.Piece placed(FadedPieces.Part part, Configurations configurations) {
    int track = part.piece().track();
    return part.piece().as(configurations.nameOf(configurations.indexOf(part.info(), track)));
  }

  private static long micros(Configurations configurations, ClipIndex.Piece piece) {
    Rational unit = new Rational(1, configurations.lead(piece.track()).timescale());
    return Rational.rescale(piece.clipTicks(), unit, MICROS);
  }

  /** Objects that are stored, and can be read before they are. */
  private static final class MadeObjects implements ObjectSink, ByteSource {

    private final ByteSource others;
    private final ObjectSink target;
    private final Map<String, byte[]> held = new HashMap<>();

    MadeObjects(ByteSource others, ObjectSink target) {
      this.others = others;
      this.target = target;
    }

    @Override
    public void put(NewObject object) throws IOException {
      held.put(object.key(), object.content());
      target.put(object);
    }

    @Override
    public byte[] read(String key, long offset, long length) throws IOException {
      byte[] content = held.get(key);
      if (content == null) {
        return others.read(key, offset, length);
      }
      long end = length < 0 ? content.length : Math.min(content.length, offset + length);
      return Arrays.copyOfRange(content, (int) offset, (int) end);
    }
  }
}
