package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.BoxWriter;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A clip or a reel as one progressive MP4 file: the index first, then the media, which stays where
 * it is stored. Pictures are decoded from time 0 on and shown from time 0 on.
 *
 * @param head all that comes before the media; not copied
 * @param media in order
 */
public record Mp4File(byte[] head, List<DataRange> media) {

  private static final int BLOCK_BYTES = 1024 * 1024;
  private static final long LARGEST_OFFSET = 0xffffffffL;
  private static final int MDAT_HEADER = 8;
  private static final int WIDE_MDAT_HEADER = 16;

  public Mp4File {
    media = List.copyOf(media);
  }

  /**
   * Writes the file from its first byte to its last. The heads of all fragments are read first,
   * then their media, copied in blocks; only the sample tables are held in memory.
   *
   * @param bytes where the index's objects are; read on the caller's thread
   * @param out is written to, not closed
   * @throws MediaException MALFORMED when recorded bytes are not what the index says; nothing has
   *     been written then
   * @throws IOException when {@code bytes} or {@code out} fails
   */
  public static void write(ClipIndex index, ByteSource bytes, OutputStream out)
      throws MediaException, IOException {
    Mp4File file = of(index, bytes);
    out.write(file.head());
    for (DataRange range : file.media()) {
      copy(range, bytes, out);
    }
  }

  /**
   * Reads the heads of all fragments, and no media.
   *
   * @param bytes where the index's objects are; read on the caller's thread
   * @throws MediaException MALFORMED when recorded bytes are not what the index says
   * @throws IOException when {@code bytes} fails
   */
  public static Mp4File of(ClipIndex index, ByteSource bytes) throws MediaException, IOException {
    Map<Integer, Mp4Track> tracks = new TreeMap<>();
    for (TrackInfo info : index.tracks()) {
      tracks.computeIfAbsent(info.track(), number -> new Mp4Track(tracks.size() + 1, info));
    }
    PieceComposer composer = new PieceComposer(index, bytes);
    List<DataRange> media = new ArrayList<>();
    long size = 0;
    for (ClipIndex.Piece piece : index.pieces()) {
      ComposedPiece composed = composer.compose(piece);
      TrackInfo recorded = PieceComposer.recordedAs(index, piece);
      tracks
          .get(piece.track())
          .add(index.tracks().indexOf(recorded), recorded, bytes, composed.samples(), size);
      media.add(composed.media());
      size = Math.addExact(size, composed.media().length());
    }
    tracks.values().removeIf(Mp4Track::isEmpty);
    if (tracks.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.UNSUPPORTED, "The clip " + index.clip() + " holds no media");
    }
    return new Mp4File(head(index, tracks.values(), size), media);
  }

  private static byte[] head(ClipIndex index, Iterable<Mp4Track> tracks, long size)
      throws IOException {
    BoxWriter type = new BoxWriter();
    type.begin("ftyp").text("isom").u32(512).text("isomiso6mp41").end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type.toBytes());
    // How long the index is does not depend on the offsets in it, only on their width.
    boolean wide = size + movie(index, tracks, 0, true).length + type.length() > LARGEST_OFFSET / 2;
    int header = wide ? WIDE_MDAT_HEADER : MDAT_HEADER;
    long first = type.length() + movie(index, tracks, 0, wide).length + header;
    out.write(movie(index, tracks, first, wide));
    BoxWriter mdat = new BoxWriter();
    if (wide) {
      mdat.u32(1).text("mdat").u64(size + WIDE_MDAT_HEADER);
    } else {
      mdat.u32(size + MDAT_HEADER).text("mdat");
    }
    out.write(mdat.toBytes());
    return out.toByteArray();
  }

  private static byte[] movie(
      ClipIndex index, Iterable<Mp4Track> tracks, long firstOffset, boolean wide) {
    long duration = 0;
    int count = 0;
    for (Mp4Track track : tracks) {
      duration = Math.max(duration, track.durationMillis(index.reorderMicros()));
      count++;
    }
    BoxWriter out = new BoxWriter();
    out.begin("moov");
    InitSegment.movieHeader(out, duration, count + 1);
    tracks.forEach(track -> track.write(out, index.reorderMicros(), firstOffset, wide));
    return out.end().toBytes();
  }

  private static void copy(DataRange range, ByteSource bytes, OutputStream out) throws IOException {
    for (long done = 0; done < range.length(); ) {
      long count = Math.min(BLOCK_BYTES, range.length() - done);
      byte[] block = bytes.read(range.key(), range.offset() + done, count);
      if (block.length == 0) {
        throw new IOException("The object " + range.key() + " breaks off");
      }
      out.write(block);
      done += block.length;
    }
  }
}
