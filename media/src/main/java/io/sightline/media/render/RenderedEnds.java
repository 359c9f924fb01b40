package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.cut.PieceComposer;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.RenditionSpec;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders what begins alike and ends in one way or another, such as a clip that fades out and one
 * that does not. The beginning is encoded once, and is the same in each. Used once.
 */
final class RenderedEnds {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final String id;
  private final String folder;
  private final RenditionSpec wanted;
  private final CropPath path;
  private final VideoEncoder encoder;
  private final ByteSource bytes;
  private final ObjectSink made;
  private final Map<Integer, Track> encoded = new HashMap<>();

  /**
   * What was made.
   *
   * @param open what all of them begin with; null for nothing
   */
  record Ends(ClipIndex open, List<ClipIndex> ends) {}

  /** An encoded track: its beginning, and what follows that in each of the ends. */
  private record Track(
      RenderedObjects objects, List<ClipIndex.Piece> open, List<List<ClipIndex.Piece>> ends) {}

  /**
   * @param id of the rendition, which the indexes have as their clip
   * @param folder for the keys of new objects, with a slash at its end
   */
  RenderedEnds(
      String id,
      String folder,
      RenditionSpec wanted,
      CropPath path,
      VideoEncoder encoder,
      ByteSource bytes,
      ObjectSink made) {
    this.id = id;
    this.folder = folder;
    this.wanted = wanted;
    this.path = path;
    this.encoder = encoder;
    this.bytes = bytes;
    this.made = made;
  }

  /**
   * @param open its pieces stand at the beginning of the others, track by track; null for none
   * @param ends at least one; all have one header
   */
  Ends render(ClipIndex open, List<ClipIndex> ends) throws MediaException, IOException {
    pictures(open, ends);
    if (wanted.loudness() != null) {
      sounds(open, ends);
    }
    boolean begins =
        open != null && encoded.values().stream().noneMatch(track -> track.open().isEmpty());
    List<ClipIndex> rendered = new ArrayList<>();
    for (int end = 0; end < ends.size(); end++) {
      rendered.add(index(ends.get(end), end));
    }
    return new Ends(begins ? index(open, -1) : null, rendered);
  }

  private void pictures(ClipIndex open, List<ClipIndex> ends) throws MediaException, IOException {
    ClipIndex clip = ends.get(0);
    TrackInfo lead =
        clip.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElseThrow(
                () ->
                    new MediaException(
                        Reason.UNSUPPORTED, "The clip has no pictures, which a rendition needs"));
    long delay = Rational.rescale(clip.reorderMicros(), MICROS, new Rational(1, lead.timescale()));
    RenderedObjects objects = new RenderedObjects(folder, lead, made);
    int begun = open == null ? 0 : of(open, lead.track()).size();
    List<ClipIndex.Piece> beginning = List.of();
    List<List<ClipIndex.Piece>> rests = new ArrayList<>();
    try (RenderedPictures pictures =
        new RenderedPictures(wanted, path, encoder, objects, lead, delay)) {
      if (begun > 0) {
        new ClipPackets(open, bytes).read(lead.track(), pictures);
        pictures.finish();
        beginning = List.copyOf(objects.pieces());
      }
      for (ClipIndex end : ends) {
        int before = objects.pieces().size();
        new ClipPackets(end, bytes).read(lead.track(), begun, pictures);
        pictures.finish();
        List<ClipIndex.Piece> all = objects.pieces();
        rests.add(rest(List.copyOf(all.subList(before, all.size())), begun > 0));
      }
    }
    objects.finish();
    encoded.put(lead.track(), new Track(objects, beginning, rests));
  }

  /**
   * Sound is encoded from its beginning for each end, since an encoder begins with silence; what is
   * taken of it lies on one grid, and is as loud, so that nothing is heard of the change.
   */
  private void sounds(ClipIndex open, List<ClipIndex> ends) throws MediaException, IOException {
    for (TrackInfo info : ends.get(0).tracks()) {
      int track = info.track();
      if (info.kind() != TrackInfo.Kind.AUDIO || encoded.containsKey(track)) {
        continue;
      }
      RenderedObjects objects = new RenderedObjects(folder, info, made);
      double gain =
          RenderedSound.gain(new ClipPackets(ends.get(0), bytes), track, wanted.loudness());
      List<List<ClipIndex.Piece>> whole = new ArrayList<>();
      for (ClipIndex end : ends) {
        int before = objects.pieces().size();
        RenderedSound.render(new ClipPackets(end, bytes), track, gain, objects);
        List<ClipIndex.Piece> all = objects.pieces();
        whole.add(List.copyOf(all.subList(before, all.size())));
      }
      objects.finish();
      int same = open == null ? 0 : same(whole, end(open, info, objects.track()));
      List<List<ClipIndex.Piece>> rests = new ArrayList<>();
      for (List<ClipIndex.Piece> one : whole) {
        rests.add(rest(one.subList(same, one.size()), same > 0));
      }
      encoded.put(track, new Track(objects, whole.get(0).subList(0, same), rests));
    }
  }

  /** When a track of a clip ends, in ticks of what was made of it. */
  private static long end(ClipIndex clip, TrackInfo info, TrackInfo rendered) {
    long ticks =
        of(clip, info.track()).stream()
            .mapToLong(piece -> piece.clipTicks() + piece.durationTicks())
            .max()
            .orElse(0);
    return Rational.rescale(
        ticks, new Rational(1, info.timescale()), new Rational(1, rendered.timescale()));
  }

  /** How many pieces all begin with that end before then. */
  private static int same(List<List<ClipIndex.Piece>> whole, long endTicks) {
    int same = 0;
    while (endsBefore(whole.get(0), same, endTicks) && alike(whole, same)) {
      same++;
    }
    return same;
  }

  private static boolean endsBefore(List<ClipIndex.Piece> pieces, int at, long endTicks) {
    return at < pieces.size()
        && pieces.get(at).clipTicks() + pieces.get(at).durationTicks() <= endTicks;
  }

  private static boolean alike(List<List<ClipIndex.Piece>> whole, int at) {
    ClipIndex.Piece first = whole.get(0).get(at);
    return whole.stream()
        .allMatch(
            one ->
                at < one.size()
                    && one.get(at).clipTicks() == first.clipTicks()
                    && one.get(at).durationTicks() == first.durationTicks());
  }

  private ClipIndex index(ClipIndex clip, int end) {
    List<TrackInfo> tracks = tracks(clip);
    List<ClipIndex.Piece> pieces = new ArrayList<>();
    for (Track track : encoded.values()) {
      pieces.addAll(track.open());
      if (end >= 0) {
        pieces.addAll(track.ends().get(end));
      }
    }
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (!encoded.containsKey(piece.track())) {
        Integer configuration = piece.configuration();
        pieces.add(
            configuration == null
                ? piece
                : piece.as(tracks.indexOf(clip.tracks().get(configuration))));
      }
    }
    // The clip's delay stays, though nothing is reordered: players change between the two.
    ClipIndex rendered = new ClipIndex(id, tracks, clip.reorderMicros(), pieces);
    pieces.sort(
        Comparator.comparingLong((ClipIndex.Piece piece) -> micros(rendered, piece))
            .thenComparingInt(ClipIndex.Piece::track));
    return new ClipIndex(id, tracks, clip.reorderMicros(), pieces);
  }

  /** What is encoded has one entry; the rest stays, in its order behind the pictures. */
  private List<TrackInfo> tracks(ClipIndex clip) {
    List<TrackInfo> tracks = new ArrayList<>();
    for (TrackInfo info : clip.tracks()) {
      Track track = encoded.get(info.track());
      TrackInfo shown = track == null ? info : track.objects().track();
      if (!tracks.contains(shown)) {
        tracks.add(shown.kind() == TrackInfo.Kind.VIDEO ? 0 : tracks.size(), shown);
      }
    }
    return tracks;
  }

  private static List<ClipIndex.Piece> of(ClipIndex clip, int track) {
    return clip.pieces().stream().filter(piece -> piece.track() == track).toList();
  }

  private static List<ClipIndex.Piece> rest(List<ClipIndex.Piece> pieces, boolean behind) {
    if (!behind || pieces.isEmpty()) {
      return pieces;
    }
    List<ClipIndex.Piece> rest = new ArrayList<>(pieces);
    rest.set(0, rest.get(0).beginning());
    return rest;
  }

  private static long micros(ClipIndex rendered, ClipIndex.Piece piece) {
    TrackInfo info = PieceComposer.leadOf(rendered, piece.track());
    return Rational.rescale(piece.clipTicks(), new Rational(1, info.timescale()), MICROS);
  }
}
