package io.sightline.media.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The end of an MPEG transport stream file (ISO/IEC 13818-1), read to tell whether it breaks off.
 * Pictures mostly do not say how long they are, so a break exactly between two packets of one
 * picture is not seen.
 *
 * @param brokenPacket whether its last packet is not whole
 * @param unfinishedSound whether a piece that says its length (sound mostly does) is not whole
 */
record TsTail(boolean brokenPacket, boolean unfinishedSound) {

  private static final int PACKET = 188;
  private static final byte SYNC = 0x47;
  private static final int LOOK_PACKETS = 8_192;
  private static final int PES_HEADER = 6;

  static TsTail read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer start = ByteBuffer.allocate(PACKET + 1);
      channel.read(start, 0);
      boolean plain =
          start.position() > PACKET && start.get(0) == SYNC && start.get(PACKET) == SYNC;
      if (!plain) {
        // With time codes before or parity after each packet: its grid is another.
        return new TsTail(false, false);
      }
      long packets = size / PACKET;
      long from = Math.max(0, packets - LOOK_PACKETS);
      ByteBuffer tail = ByteBuffer.allocate((int) (packets - from) * PACKET);
      channel.read(tail, from * PACKET);
      tail.flip();
      return new TsTail(size % PACKET != 0, unfinished(tail));
    }
  }

  private static boolean unfinished(ByteBuffer packets) {
    // What is still to come of the piece that each packet identifier began last.
    Map<Integer, Integer> missing = new HashMap<>();
    for (int at = 0; at + PACKET <= packets.limit(); at += PACKET) {
      int id = packets.getShort(at + 1) & 0x1fff;
      boolean starts = (packets.get(at + 1) & 0x40) != 0;
      int control = packets.get(at + 3) >> 4 & 3;
      int payload = at + 4 + ((control & 2) != 0 ? 1 + (packets.get(at + 4) & 0xff) : 0);
      int length = at + PACKET - payload;
      if (packets.get(at) != SYNC || (control & 1) == 0 || length <= 0) {
        continue;
      }
      if (starts) {
        missing.put(id, announced(packets, payload, length));
      }
      missing.computeIfPresent(id, (key, before) -> before - length);
    }
    return missing.values().stream().anyMatch(bytes -> bytes > 0);
  }

  private static int announced(ByteBuffer packets, int at, int length) {
    boolean piece = length >= PES_HEADER && packets.getInt(at) >>> 8 == 1;
    int rest = piece ? packets.getShort(at + 4) & 0xffff : 0;
    return rest == 0 ? 0 : rest + PES_HEADER;
  }
}
