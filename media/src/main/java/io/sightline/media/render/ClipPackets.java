package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ComposedPiece;
import io.sightline.media.cut.PieceComposer;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a track of a clip holds, piece by piece, on the clip's timeline. */
final class ClipPackets {

  private final ClipIndex clip;
  private final ByteSource bytes;

  ClipPackets(ClipIndex clip, ByteSource bytes) {
    this.clip = clip;
    this.bytes = bytes;
  }

  /** Who reads. */
  interface Reader {

    /** What follows was recorded like this; its time base is that of the clip's track. */
    void begin(SourceTrack recorded) throws MediaException, IOException;

    /**
     * @param packets at least one, in decoding order
     */
    void piece(ClipIndex.Piece piece, List<Packet> packets) throws MediaException, IOException;
  }

  /**
   * Reads a track from its first piece to its last.
   *
   * @throws MediaException MALFORMED when the clip's objects are not what its index says
   */
  void read(int track, Reader reader) throws MediaException, IOException {
    PieceComposer composer = new PieceComposer(clip, bytes);
    TrackInfo known = null;
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (piece.track() != track) {
        continue;
      }
      TrackInfo recorded = PieceComposer.recordedAs(clip, piece);
      ComposedPiece composed = composer.compose(piece);
      byte[] media =
          bytes.read(composed.media().key(), composed.media().offset(), composed.media().length());
      if (recorded != known) {
        known = recorded;
        reader.begin(source(recorded, PieceComposer.leadOf(clip, track), composed, media));
      }
      reader.piece(piece, packets(composed.samples(), media));
    }
  }

  private SourceTrack source(TrackInfo recorded, TrackInfo lead, ComposedPiece first, byte[] media)
      throws MediaException, IOException {
    byte[] header =
        InitSegment.read(bytes.read(recorded.initKey(), 0, -1))
            .withTimescale(lead.timescale())
            .write();
    byte[] fragment = RenderedObjects.fragment(first.samples(), media);
    try (MediaSource opened = MediaSource.of(header, fragment)) {
      return opened.tracks().stream()
          .filter(track -> track.kind() == lead.kind())
          .findFirst()
          .orElseThrow(
              () ->
                  new MediaException(
                      Reason.UNSUPPORTED, "The clip's " + lead.codec() + " cannot be decoded"));
    }
  }

  private static List<Packet> packets(List<FragmentSample> samples, byte[] media) {
    long first = samples.get(0).offset();
    List<Packet> packets = new ArrayList<>(samples.size());
    for (FragmentSample sample : samples) {
      packets.add(
          Packet.of(
              0,
              sample.presentationTicks(),
              sample.decodeTicks(),
              sample.durationTicks(),
              sample.sync(),
              ByteBuffer.wrap(media, (int) (sample.offset() - first), sample.size())));
    }
    return packets;
  }
}
