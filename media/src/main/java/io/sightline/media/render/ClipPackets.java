package io.sightline.media.render;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.ClipReader;
import io.sightline.media.cut.PieceComposer;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.IOException;
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
    read(track, 0, reader);
  }

  /**
   * Reads the rest of a track.
   *
   * @param behind how many of its pieces are left out; a decoder can start with the next
   * @throws MediaException as above
   */
  void read(int track, int behind, Reader reader) throws MediaException, IOException {
    int left = behind;
    ClipReader pieces = new ClipReader(clip, bytes);
    TrackInfo known = null;
    for (ClipIndex.Piece piece : clip.pieces()) {
      if (piece.track() != track || left-- > 0) {
        continue;
      }
      TrackInfo recorded = PieceComposer.recordedAs(clip, piece);
      if (recorded != known) {
        known = recorded;
        reader.begin(pieces.source(piece));
      }
      reader.piece(piece, pieces.packets(piece));
    }
  }
}
