package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what the pieces of a clip hold, on the clip's timeline. Not thread-safe. */
public final class ClipReader {

  private final ClipIndex clip;
  private final ByteSource bytes;
  private final PieceComposer composer;

  public ClipReader(ClipIndex clip, ByteSource bytes) {
    this.clip = clip;
    this.bytes = bytes;
    this.composer = new PieceComposer(clip, bytes);
  }

  /**
   * What is in a piece, in decoding order, in the time base of its track.
   *
   * @throws MediaException MALFORMED when the piece is not what the index says
   */
  public List<Packet> packets(ClipIndex.Piece piece) throws MediaException, IOException {
    return samples(piece, 0).stream().map(Gop.Picture::packet).toList();
  }

  /**
   * @param part what they are said to be a part of
   */
  List<Gop.Picture> samples(ClipIndex.Piece piece, int part) throws MediaException, IOException {
    ComposedPiece composed = composer.compose(piece);
    byte[] media = media(composed);
    long first = composed.samples().get(0).offset();
    List<Gop.Picture> read = new ArrayList<>();
    for (FragmentSample sample : composed.samples()) {
      int at = (int) (sample.offset() - first);
      read.add(new Gop.Picture(sample, part, ByteBuffer.wrap(media, at, sample.size()).slice()));
    }
    return read;
  }

  /**
   * How a piece describes itself to a decoder; its time base is that of the clip's track.
   *
   * @param piece one with which a decoder can start
   * @throws MediaException UNSUPPORTED when it cannot be decoded
   */
  public SourceTrack source(ClipIndex.Piece piece) throws MediaException, IOException {
    TrackInfo lead = PieceComposer.leadOf(clip, piece.track());
    ComposedPiece composed = composer.compose(piece);
    byte[] header = init(piece).withTimescale(lead.timescale()).write();
    byte[] fragment = MovieFragment.of(composed.samples(), media(composed));
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

  /** What a piece was recorded with. */
  InitSegment init(ClipIndex.Piece piece) throws MediaException, IOException {
    return InitSegment.read(bytes.read(PieceComposer.recordedAs(clip, piece).initKey(), 0, -1));
  }

  private byte[] media(ComposedPiece composed) throws MediaException, IOException {
    DataRange range = composed.media();
    byte[] media = bytes.read(range.key(), range.offset(), range.length());
    if (media.length < range.length()) {
      throw new MediaException(Reason.MALFORMED, "A fragment of " + range.key() + " breaks off");
    }
    return media;
  }
}
