package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The NAL units of an access unit, out of either form in which packets hold them. */
public final class NalUnits {

  /** Bytes of the length before each unit, in everything that is written. */
  public static final int LENGTH_SIZE = 4;

  private NalUnits() {}

  /**
   * Splits a byte stream (ITU-T H.264, annex B) at its start codes.
   *
   * @return views of {@code stream}
   */
  public static List<ByteBuffer> ofByteStream(ByteBuffer stream) {
    List<ByteBuffer> units = new ArrayList<>();
    int end = stream.limit();
    int start = -1;
    int zeros = 0;
    for (int at = stream.position(); at < end; at++) {
      byte value = stream.get(at);
      if (value == 1 && zeros >= 2) {
        addUnit(units, stream, start, at - zeros);
        start = at + 1;
      }
      zeros = value == 0 ? zeros + 1 : 0;
    }
    addUnit(units, stream, start, end - zeros);
    return units;
  }

  /**
   * Splits units that have their length before them.
   *
   * @param lengthSize 1 to 4 bytes
   * @return views of {@code sample}
   * @throws MediaException MALFORMED when a length leads out of it
   */
  public static List<ByteBuffer> ofSample(ByteBuffer sample, int lengthSize) throws MediaException {
    List<ByteBuffer> units = new ArrayList<>();
    int at = sample.position();
    int end = sample.limit();
    while (end - at >= lengthSize) {
      long length = 0;
      for (int index = 0; index < lengthSize; index++) {
        length = length << 8 | sample.get(at++) & 0xff;
      }
      if (length > end - at) {
        throw Mp4Box.malformed(
            "A NAL unit claims " + length + " bytes where " + (end - at) + " are left");
      }
      addUnit(units, sample, at, at + (int) length);
      at += (int) length;
    }
    return units;
  }

  /** Writes units with their lengths before them. */
  public static byte[] joined(List<ByteBuffer> units) {
    int size = 0;
    for (ByteBuffer unit : units) {
      size = Math.addExact(size, LENGTH_SIZE + unit.remaining());
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    for (ByteBuffer unit : units) {
      out.putInt(unit.remaining()).put(unit.duplicate());
    }
    return out.array();
  }

  /** Writes units as a byte stream. */
  static byte[] byteStream(List<byte[]> units) {
    BoxWriter out = new BoxWriter();
    units.forEach(unit -> out.u32(1).bytes(unit));
    return out.toBytes();
  }

  private static void addUnit(List<ByteBuffer> units, ByteBuffer data, int start, int end) {
    if (start >= 0 && end > start) {
      ByteBuffer unit = data.duplicate();
      unit.limit(end).position(start);
      units.add(unit.slice());
    }
  }
}
