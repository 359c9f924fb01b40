package io.sightline.bench.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An MPEG transport stream in memory, with what of it is due when: its clock references say. */
final class TransportStream {

  private static final int PACKET_BYTES = 188;
  private static final int SYNC = 0x47;

  /** ISO 13818-1: the base of a clock reference counts at 90 kHz. */
  private static final long TICKS_PER_MILLI = 90;

  private record Due(long millis, int bytes) {}

  private final ByteBuffer content;

  /** In the order of both. */
  private final List<Due> due = new ArrayList<>();

  TransportStream(byte[] bytes) {
    // Outside the heap, so that sending it copies nothing.
    content = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    long first = -1;
    for (int at = 0; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      if (bytes[at] != SYNC) {
        throw new IllegalArgumentException("No transport stream: no sync byte at " + at);
      }
      long clock = clock(bytes, at);
      if (clock >= 0) {
        first = first < 0 ? clock : first;
        due.add(new Due((clock - first) / TICKS_PER_MILLI, at));
      }
    }
  }

  /** How many bytes have been sent by then, since the start. */
  int dueBytes(long millis) {
    int low = 0;
    int high = due.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (due.get(middle).millis() <= millis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == due.size() ? content.limit() : due.get(low).bytes();
  }

  int length() {
    return content.limit();
  }

  /** All of it, with a position and a limit of its own; not copied. */
  ByteBuffer content() {
    return content.asReadOnlyBuffer();
  }

  /** In 90 kHz; -1 when the packet has none. */
  private static long clock(byte[] bytes, int at) {
    boolean adaptation = (bytes[at + 3] & 0x20) != 0 && bytes[at + 4] > 6;
    if (!adaptation || (bytes[at + 5] & 0x10) == 0) {
      return -1;
    }
    long clock = 0;
    for (int i = 6; i < 10; i++) {
      clock = clock << 8 | bytes[at + i] & 0xff;
    }
    return clock << 1 | (bytes[at + 10] & 0x80) >> 7;
  }
}
