package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ComposedPiece;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.cut.PieceComposer;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.RenditionSpec;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Encodes the pictures of a clip in another size or shape: each once, at its time. Its sound is
 * referred to as it is. Memory is bounded however long the clip is.
 */
public final class RenderedClip {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final ClipIndex clip;
  private final RenditionSpec wanted;
  private final CropPath path;
  private final ByteSource bytes;
  private final TrackInfo lead;
  private final Rational unit;
  private final long delay;
  private final RenderedObjects objects;

  private RenderedClip(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      ByteSource bytes,
      ObjectSink made,
      TrackInfo lead) {
    this.clip = clip;
    this.wanted = wanted;
    this.path = path;
    this.bytes = bytes;
    this.lead = lead;
    unit = new Rational(1, lead.timescale());
    delay = Rational.rescale(clip.reorderMicros(), MICROS, unit);
    objects = new RenderedObjects(id, lead.track(), made);
  }

  /**
   * Renders a clip.
   *
   * @param id of the rendition, for the keys of new objects
   * @param path what is seen of the pictures where not all of it is
   * @param bytes where the clip's objects are; read on the caller's thread
   * @param made takes the objects that the index names besides those of the clip's sound
   * @return its index, whose clip is {@code id}
   * @throws MediaException UNSUPPORTED when the clip has no pictures or they cannot be decoded;
   *     MALFORMED when its objects are not what its index says
   * @throws IOException when {@code bytes} or {@code made} fails
   */
  public static ClipIndex render(
      String id,
      ClipIndex clip,
      RenditionSpec wanted,
      CropPath path,
      ByteSource bytes,
      ObjectSink made)
      throws MediaException, IOException {
    TrackInfo lead =
        clip.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
            .findFirst()
            .orElseThrow(
                () ->
                    new MediaException(
                        Reason.UNSUPPORTED, "The clip has no pictures, which a rendition needs"));
    return new RenderedClip(id, clip, wanted, path, bytes, made, lead).index();
  }

  private ClipIndex index() throws MediaException, IOException {
    PieceComposer composer = new PieceComposer(clip, bytes);
    Run run = null;
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (piece.track() != lead.track()) {
        continue;
      }
      TrackInfo recorded = PieceComposer.recordedAs(clip, piece);
      ComposedPiece composed = composer.compose(piece);
      byte[] media =
          bytes.read(composed.media().key(), composed.media().offset(), composed.media().length());
      if (run == null || run.recorded != recorded) {
        finish(run);
        run = new Run(recorded, composed, media);
      }
      run.add(piece, composed.samples(), media);
    }
    finish(run);
    objects.finish();
    // The clip's delay stays, though nothing is reordered: players change between the two.
    return new ClipIndex(objects.id(), tracks(), clip.reorderMicros(), pieces());
  }

  private static void finish(Run run) throws MediaException, IOException {
    if (run != null) {
      run.finish();
    }
  }

  /** The rendered pictures, then the sound as it was. */
  private List<TrackInfo> tracks() {
    List<TrackInfo> tracks = new ArrayList<>(List.of(objects.track()));
    clip.tracks().stream().filter(info -> info.track() != lead.track()).forEach(tracks::add);
    return tracks;
  }

  private List<ClipIndex.Piece> pieces() {
    Map<Integer, Integer> moved = new HashMap<>();
    for (int index = 0; index < clip.tracks().size(); index++) {
      if (clip.tracks().get(index).track() != lead.track()) {
        moved.put(index, moved.size() + 1);
      }
    }
    List<ClipIndex.Piece> pieces = new ArrayList<>(objects.pieces());
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (piece.track() != lead.track()) {
        Integer configuration = piece.configuration();
        pieces.add(piece.as(configuration == null ? null : moved.get(configuration)));
      }
    }
    pieces.sort(Comparator.comparingLong(this::micros).thenComparingInt(ClipIndex.Piece::track));
    return pieces;
  }

  private long micros(ClipIndex.Piece piece) {
    TrackInfo info = PieceComposer.leadOf(clip, piece.track());
    return Rational.rescale(piece.clipTicks(), new Rational(1, info.timescale()), MICROS);
  }

  /** Pieces one after another that were recorded with the same header. */
  private final class Run {

    private final TrackInfo recorded;
    private final TrackEncoder encoder;
    private final TreeMap<Long, Long> positions = new TreeMap<>();
    private long endTicks;

    Run(TrackInfo recorded, ComposedPiece first, byte[] media) throws MediaException, IOException {
      this.recorded = recorded;
      encoder =
          TrackEncoder.ofRendition(
              source(first, media), wanted, ticks -> path.centreAt(position(ticks - delay)));
      try {
        objects.begin(encoder.track(), lead);
      } catch (MediaException | IOException | RuntimeException e) {
        encoder.close();
        throw e;
      }
    }

    private SourceTrack source(ComposedPiece first, byte[] media)
        throws MediaException, IOException {
      byte[] header =
          InitSegment.read(bytes.read(recorded.initKey(), 0, -1))
              .withTimescale(lead.timescale())
              .write();
      byte[] fragment = RenderedObjects.fragment(first.samples(), media);
      try (MediaSource opened = MediaSource.of(header, fragment)) {
        return opened.tracks().stream()
            .filter(SourceTrack::isVideo)
            .findFirst()
            .orElseThrow(
                () ->
                    new MediaException(
                        Reason.UNSUPPORTED, "The clip's pictures cannot be decoded"));
      }
    }

    void add(ClipIndex.Piece piece, List<FragmentSample> samples, byte[] media)
        throws MediaException, IOException {
      long first = samples.get(0).offset();
      long earliest =
          samples.stream().mapToLong(FragmentSample::presentationTicks).min().orElseThrow();
      positions.put(earliest - delay, piece.positionMicros());
      endTicks = piece.clipTicks() + piece.durationTicks();
      try {
        for (FragmentSample sample : samples) {
          ByteBuffer data = ByteBuffer.wrap(media, (int) (sample.offset() - first), sample.size());
          encoder.accept(
              Packet.of(
                  0,
                  sample.presentationTicks(),
                  sample.decodeTicks(),
                  sample.durationTicks(),
                  sample.sync(),
                  data),
              this::encoded);
        }
        objects.put(this::position);
      } catch (MediaException | IOException | RuntimeException e) {
        encoder.close();
        throw e;
      }
    }

    private void encoded(Packet packet) {
      objects.add(packet, packet.pts() - delay);
    }

    /** Where in the recording what is shown at a time of the rendition lies. */
    private long position(long ticks) {
      Map.Entry<Long, Long> piece = positions.floorEntry(ticks);
      piece = piece == null ? positions.firstEntry() : piece;
      return piece.getValue() + Rational.rescale(ticks - piece.getKey(), unit, MICROS);
    }

    void finish() throws MediaException, IOException {
      try (encoder) {
        encoder.finish(this::encoded);
        objects.end(endTicks, this::position);
      }
    }
  }
}
