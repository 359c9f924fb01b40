package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import java.nio.ByteBuffer;

/** The open bitstream units of an AV1 temporal unit. */
public final class Av1Units {

  private static final int TEMPORAL_DELIMITER = 2;

  private Av1Units() {}

  /** MP4 holds temporal units without their delimiters (AV1 in ISO-BMFF, section 2.4). */
  public static byte[] withoutDelimiters(ByteBuffer packet) throws MediaException {
    BoxWriter out = new BoxWriter();
    int at = packet.position();
    while (at < packet.limit()) {
      int start = at;
      int header = packet.get(at++) & 0xff;
      at += (header & 0x04) == 0 ? 0 : 1;
      long length = packet.limit() - at;
      if ((header & 0x02) != 0) {
        length = 0;
        int shift = 0;
        int more = 0x80;
        while ((more & 0x80) != 0) {
          if (at >= packet.limit() || shift > 28) {
            throw Mp4Box.malformed("An AV1 unit breaks off in its size");
          }
          more = packet.get(at++) & 0xff;
          length |= (long) (more & 0x7f) << shift;
          shift += 7;
        }
      }
      if (length > packet.limit() - at) {
        throw Mp4Box.malformed("An AV1 unit of " + length + " bytes reaches beyond its packet");
      }
      at += (int) length;
      if ((header >> 3 & 0x0f) != TEMPORAL_DELIMITER) {
        byte[] unit = new byte[at - start];
        packet.get(start, unit);
        out.bytes(unit);
      }
    }
    return out.toBytes();
  }
}
