package io.sightline.edgecapture.mjpeg;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The part of a stream that has been read and not yet used. Offsets count from its beginning, and
 * stay valid while it grows. Its owner keeps it small, by skipping what it has used before it is
 * {@code maxBytes} long. One thread.
 */
final class StreamWindow {

  static final int UNKNOWN = -1;
  private static final int READ_BYTES = 64 * 1024;

  private final InputStream in;
  private final int maxBytes;
  private byte[] data = new byte[READ_BYTES];
  private int from;
  private int to;
  private boolean ended;

  StreamWindow(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes + 2 * READ_BYTES;
  }

  int size() {
    return to - from;
  }

  /** Whether nothing more will come. */
  boolean ended() {
    return ended;
  }

  /** How much is allocated. */
  int heldBytes() {
    return data.length;
  }

  int at(int offset) {
    return data[from + offset] & 0xff;
  }

  /** The first bytes, borrowed until it grows. */
  ByteBuffer first(int bytes) {
    return ByteBuffer.wrap(data, from, bytes).slice();
  }

  String text(int bytes) {
    return new String(data, from, bytes, StandardCharsets.ISO_8859_1);
  }

  void skip(int bytes) {
    from += Math.min(bytes, size());
  }

  /** Offset of the pattern at or after {@code start}; unknown when it is not there yet. */
  int find(byte[] pattern, int start) {
    int last = to - pattern.length;
    for (int at = from + start; at <= last; at++) {
      if (data[at] == pattern[0] && matches(pattern, at)) {
        return at - from;
      }
    }
    return UNKNOWN;
  }

  private boolean matches(byte[] pattern, int at) {
    for (int i = 1; i < pattern.length; i++) {
      if (data[at + i] != pattern[i]) {
        return false;
      }
    }
    return true;
  }

  /** Offset of the next LF, waited for; unknown when there is none in so many bytes. */
  int lineEnd(int withinBytes) throws IOException {
    for (int offset = 0; offset < withinBytes; offset++) {
      if (offset >= size() && !grow()) {
        return UNKNOWN;
      }
      if (at(offset) == '\n') {
        return offset;
      }
    }
    return UNKNOWN;
  }

  /** Reads what there is, at least one byte; false at the end. Blocks as the stream does. */
  boolean grow() throws IOException {
    if (ended) {
      return false;
    }
    if (to == data.length && from > 0) {
      System.arraycopy(data, from, data, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == data.length) {
      byte[] larger = new byte[Math.min(2 * data.length, maxBytes)];
      System.arraycopy(data, 0, larger, 0, to);
      data = larger;
    }
    int count = in.read(data, to, Math.min(READ_BYTES, data.length - to));
    ended = count < 0;
    to += Math.max(0, count);
    return !ended;
  }
}
