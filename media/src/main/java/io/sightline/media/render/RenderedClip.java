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
 * A clip in another size or shape, or at another loudness: each picture is encoded once, at its
 * time. Sound is referred to as it is, unless its loudness is set. Memory is bounded however long
 * the clip is.
 */
public final class RenderedClip {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final String id;
  private final ClipIndex clip;
  private final RenditionSpec wanted;
  private final ObjectSink made;
  private final ClipPackets packets;
  private final Map<Integer, RenderedObjects> encoded = new HashMap<>();

  private RenderedClip(
      String id, ClipIndex clip, RenditionSpec wanted, ByteSource bytes, ObjectSink made) {
    this.id = id;
    this.clip = clip;
    this.wanted = wanted;
    this.made = made;
    this.packets = new ClipPackets(clip, bytes);
  }

  /**
   * Renders a clip, by what every machine has.
   *
   * @throws MediaException as below
   * @throws IOException as below
   */
  public static ClipIndex render(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    return render(id, clip, wanted, path, VideoEncoder.OPENH264, bytes, made);
  }

  /**
   * Renders a clip.
   *
   * @param id of the rendition, for the keys of new objects
   * @param encoder of the pictures
   * @param path what is seen of the pictures where not all of it is
   * @param bytes where the clip's objects are; read on the caller's thread
   * @param made takes the objects that the index names besides those of the clip's sound
   * @return its index, whose clip is {@code id}; its first track is that of the pictures
   * @throws MediaException UNSUPPORTED when the clip has no pictures, they cannot be decoded, or
   *     the machine does not have the encoder; MALFORMED when its objects are not what its index
   *     says
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static ClipIndex render(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      VideoEncoder encoder,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    RenderedClip rendered = new RenderedClip(id, clip, wanted, bytes, made);
    rendered.pictures(path, encoder);
    if (wanted.loudness() != null) {
      rendered.sounds();
    }
    // The clip's delay stays, though nothing is reordered: players change between the two.
    return new ClipIndex(id, rendered.tracks(), clip.reorderMicros(), rendered.pieces());
  }

  private void pictures(CropPath path, VideoEncoder encoder) throws MediaException, IOException {
    TrackInfo lead =
        clip.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElseThrow(
                () ->
                    new MediaException(
                        Reason.UNSUPPORTED, "The clip has no pictures, which a rendition needs"));
    long delay = Rational.rescale(clip.reorderMicros(), MICROS, new Rational(1, lead.timescale()));
    RenderedObjects objects = objects(lead);
    try (RenderedPictures pictures =
        new RenderedPictures(wanted, path, encoder, objects, lead, delay)) {
      packets.read(lead.track(), pictures);
      pictures.finish();
    }
    objects.finish();
  }

  private void sounds() throws MediaException, IOException {
    for (TrackInfo info : clip.tracks()) {
      if (info.kind() == TrackInfo.Kind.AUDIO && !encoded.containsKey(info.track())) {
        RenderedObjects objects = objects(info);
        RenderedSound.render(packets, info.track(), wanted.loudness(), objects);
        objects.finish();
      }
    }
  }

  private RenderedObjects objects(TrackInfo lead) {
    RenderedObjects objects = new RenderedObjects(id, lead, made);
    encoded.put(lead.track(), objects);
    return objects;
  }

  /** What is encoded has one entry; the rest stays, in its order behind the pictures. */
  private List<TrackInfo> tracks() {
    List<TrackInfo> tracks = new ArrayList<>();
    for (TrackInfo info : clip.tracks()) {
      RenderedObjects objects = encoded.get(info.track());
      TrackInfo shown = objects == null ? info : objects.track();
      if (!tracks.contains(shown)) {
        tracks.add(shown.kind() == TrackInfo.Kind.VIDEO ? 0 : tracks.size(), shown);
      }
    }
    return tracks;
  }

  private List<ClipIndex.Piece> pieces() {
    List<TrackInfo> tracks = tracks();
    List<ClipIndex.Piece> pieces = new ArrayList<>();
    encoded.values().forEach(objects -> pieces.addAll(objects.pieces()));
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (!encoded.containsKey(piece.track())) {
        Integer configuration = piece.configuration();
        pieces.add(
            configuration == null
                ? piece
                : piece.as(tracks.indexOf(clip.tracks().get(configuration))));
      }
    }
    ClipIndex rendered = new ClipIndex(id, tracks, clip.reorderMicros(), pieces);
    pieces.sort(
        Comparator.comparingLong((ClipIndex.Piece piece) -> micros(rendered, piece))
            .thenComparingInt(ClipIndex.Piece::track));
    return pieces;
  }

  private static long micros(ClipIndex rendered, ClipIndex.Piece piece) {
    TrackInfo info = PieceComposer.leadOf(rendered, piece.track());
    return Rational.rescale(piece.clipTicks(), new Rational(1, info.timescale()), MICROS);
  }
}
