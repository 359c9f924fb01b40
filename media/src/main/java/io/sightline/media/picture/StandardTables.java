package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * Puts the Huffman tables of ITU-T T.81, Annex K.3, into a JPEG that relies on them without
 * bringing them, as some MJPEG cameras send it: most decoders of single pictures refuse such.
 * Nothing of the picture itself changes.
 */
public final class StandardTables {

  private static final int START_OF_FRAME_BASELINE = 0xc0;
  private static final int START_OF_FRAME_EXTENDED = 0xc1;
  private static final int SCAN = 0xda;
  private static final byte[] SEGMENT = segment();

  private StandardTables() {}

  /**
   * @param jpeg that has passed {@link JpegHeader#read} and has no tables; not changed
   * @return a copy with the tables, before its scan
   * @throws MediaException MALFORMED when it is of a kind that the standard tables are not for
   */
  public static ByteBuffer into(ByteBuffer jpeg) throws MediaException {
    ByteBuffer bytes = jpeg.slice();
    boolean sequential = false;
    int at = 2;
    for (int marker = 0; marker != SCAN; ) {
      marker = bytes.get(at + 1) & 0xff;
      if (marker == 0xff) {
        at++;
      } else if (marker != SCAN) {
        sequential |= marker == START_OF_FRAME_BASELINE || marker == START_OF_FRAME_EXTENDED;
        at += 2 + (bytes.getShort(at + 2) & 0xffff);
      }
    }
    if (!sequential) {
      throw new MediaException(
          Reason.MALFORMED, "This is no whole JPEG: it brings no tables to decode it with");
    }
    return ByteBuffer.allocate(bytes.limit() + SEGMENT.length)
        .put(bytes.slice(0, at))
        .put(SEGMENT)
        .put(bytes.slice(at, bytes.limit() - at))
        .flip();
  }

  private static byte[] segment() {
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    table(tables, 0x00, JPEGHuffmanTable.StdDCLuminance);
    table(tables, 0x10, JPEGHuffmanTable.StdACLuminance);
    table(tables, 0x01, JPEGHuffmanTable.StdDCChrominance);
    table(tables, 0x11, JPEGHuffmanTable.StdACChrominance);
    int length = tables.size() + 2;
    ByteBuffer segment = ByteBuffer.allocate(length + 2);
    segment.putShort((short) 0xffc4).putShort((short) length).put(tables.toByteArray());
    return segment.array();
  }

  /** Number of codes of each length from 1 to 16, then what they stand for. */
  private static void table(ByteArrayOutputStream into, int classAndId, JPEGHuffmanTable table) {
    into.write(classAndId);
    short[] lengths = table.getLengths();
    for (int i = 0; i < 16; i++) {
      into.write(i < lengths.length ? lengths[i] : 0);
    }
    for (short value : table.getValues()) {
      into.write(value);
    }
  }
}
