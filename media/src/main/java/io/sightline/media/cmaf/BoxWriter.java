package io.sightline.media.cmaf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Writes boxes into memory; big-endian, as all of MP4 is. Not thread-safe. */
public final class BoxWriter {

  private final Deque<Integer> open = new ArrayDeque<>();

  private byte[] data = new byte[512];
  private int length;

  /** Opens a box; its size is filled in by {@link #end()}. */
  public BoxWriter begin(String type) {
    open.push(length);
    return u32(0).text(type);
  }

  /** Opens a full box: one with a version and flags. */
  public BoxWriter begin(String type, int version, int flags) {
    return begin(type).u32((long) version << 24 | flags);
  }

  /** Closes the box that was opened last. */
  public BoxWriter end() {
    int start = open.pop();
    setU32(start, length - start);
    return this;
  }

  public BoxWriter u8(int value) {
    room(1);
    data[length++] = (byte) value;
    return this;
  }

  public BoxWriter u16(int value) {
    return u8(value >> 8).u8(value);
  }

  public BoxWriter u32(long value) {
    return u16((int) (value >> 16)).u16((int) value);
  }

  public BoxWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /** Four characters, or any other text of one byte each. */
  public BoxWriter text(String text) {
    return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public BoxWriter bytes(byte[] bytes) {
    return bytes(bytes, 0, bytes.length);
  }

  public BoxWriter bytes(byte[] bytes, int from, int count) {
    room(count);
    System.arraycopy(bytes, from, data, length, count);
    length += count;
    return this;
  }

  public BoxWriter zeros(int count) {
    room(count);
    length += count;
    return this;
  }

  /** How many bytes have been written. */
  public int length() {
    return length;
  }

  /** Replaces four bytes that have been written. */
  public void setU32(int at, long value) {
    data[at] = (byte) (value >> 24);
    data[at + 1] = (byte) (value >> 16);
    data[at + 2] = (byte) (value >> 8);
    data[at + 3] = (byte) value;
  }

  /** Everything written so far, as an array of its own. */
  public byte[] toBytes() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(open.size() + " boxes are still open");
    }
    return Arrays.copyOf(data, length);
  }

  private void room(int count) {
    if (data.length - length < count) {
      data = Arrays.copyOf(data, Math.max(data.length * 2, Math.addExact(length, count)));
    }
  }
}
