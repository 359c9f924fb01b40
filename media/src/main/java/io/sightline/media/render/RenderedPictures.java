package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.encode.EncodedSamples;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.Rational;
import io.sightline.records.RenditionSpec;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.List;

/** Encodes the pictures of a clip in another size or shape. */
final class RenderedPictures implements ClipPackets.Reader, AutoCloseable {

  private final RenditionSpec wanted;
  private final CropPath path;
  private final VideoEncoder chosen;
  private final RenderedObjects objects;
  private final Rational unit;
  private final long delay;
  private final PiecePositions positions = new PiecePositions();
  private TrackEncoder encoder;
  private EncodedSamples samples;
  private long endTicks;

  /**
   * @param delay between decoding and presenting in the clip, in ticks
   */
  RenderedPictures(
      RenditionSpec wanted,
      CropPath path,
      VideoEncoder chosen,
      RenderedObjects objects,
      TrackInfo lead,
      long delay) {
    this.wanted = wanted;
    this.chosen = chosen;
    this.path = path;
    this.objects = objects;
    this.delay = delay;
    unit = new Rational(1, lead.timescale());
  }

  @Override
  public void begin(SourceTrack recorded) throws MediaException, IOException {
    finish();
    encoder =
        TrackEncoder.ofRendition(
            recorded, wanted, ticks -> path.centreAt(position(ticks - delay)), chosen);
    samples = EncodedSamples.of(encoder.track());
    // Those of the next encoder have the same size, and bring their sets with each keyframe.
    objects.begin(encoder.track(), this::position);
  }

  @Override
  public void piece(ClipIndex.Piece piece, List<Packet> packets)
      throws MediaException, IOException {
    long earliest = packets.stream().mapToLong(Packet::pts).min().orElseThrow();
    positions.add(earliest - delay, piece.positionMicros());
    endTicks = piece.clipTicks() + piece.durationTicks();
    for (Packet packet : packets) {
      encoder.accept(packet, this::encoded);
    }
    objects.put();
  }

  private void encoded(Packet packet) {
    objects.add(samples.sample(packet), packet.pts() - delay);
  }

  /** Where in the recording what is shown at a time of the rendition lies. */
  private long position(long ticks) {
    return positions.at(ticks, unit);
  }

  /** Nothing follows that was recorded as before. */
  void finish() throws MediaException, IOException {
    if (encoder != null) {
      encoder.finish(this::encoded);
      objects.end(endTicks);
      close();
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
