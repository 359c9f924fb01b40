package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.h264.BitReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parameter sets of an H.264 or HEVC stream as they stand: those of its header, replaced by
 * those that come in the stream, each by its kind and id.
 */
final class ParameterSets {

  private static final int H264_SPS = 7;
  private static final int H264_PPS = 8;
  private static final int HEVC_VPS = 32;
  private static final int HEVC_SPS = 33;
  private static final int HEVC_PPS = 34;
  private static final int MAX_BYTES = 32 * 1024;

  private final boolean hevc;
  private final Map<Integer, byte[]> sets = new TreeMap<>();

  ParameterSets(boolean hevc) {
    this.hevc = hevc;
  }

  int typeOf(ByteBuffer unit) {
    int first = unit.get(unit.position());
    return hevc ? first >> 1 & 0x3f : first & 0x1f;
  }

  boolean isSet(int type) {
    return hevc ? type >= HEVC_VPS && type <= HEVC_PPS : type == H264_SPS || type == H264_PPS;
  }

  /** Takes what an {@code avcC}, {@code hvcC} or byte stream header holds. */
  void addHeader(byte[] header) throws MediaException {
    if (header.length == 0) {
      return;
    }
    List<ByteBuffer> units;
    if (header[0] != 1) {
      units = NalUnits.ofByteStream(ByteBuffer.wrap(header));
    } else {
      units = hevc ? unitsOfHvcc(header) : unitsOfAvcc(header);
    }
    for (ByteBuffer unit : units) {
      if (isSet(typeOf(unit))) {
        add(unit);
      }
    }
  }

  /**
   * Takes a parameter set of the stream.
   *
   * @return whether it changed anything
   */
  boolean add(ByteBuffer unit) throws MediaException {
    byte[] bytes = new byte[unit.remaining()];
    unit.duplicate().get(bytes);
    int key = typeOf(unit) << 16 | id(bytes);
    byte[] before = sets.put(key, bytes);
    if (sets.values().stream().mapToInt(set -> set.length).sum() > MAX_BYTES) {
      throw Mp4Box.malformed("The stream's parameter sets take more than " + MAX_BYTES + " bytes");
    }
    return !Arrays.equals(before, bytes);
  }

  /** Whether a decoder has all kinds that it needs. */
  boolean complete() {
    int kinds = (int) sets.keySet().stream().map(key -> key >> 16).distinct().count();
    return kinds == (hevc ? 3 : 2);
  }

  /** All of them, in the order in which a decoder needs them. */
  List<byte[]> all() {
    return new ArrayList<>(sets.values());
  }

  /** The first sequence parameter set. */
  byte[] firstSps() {
    return ((TreeMap<Integer, byte[]>) sets)
        .ceilingEntry((hevc ? HEVC_SPS : H264_SPS) << 16)
        .getValue();
  }

  private int id(byte[] unit) throws MediaException {
    int type = typeOf(ByteBuffer.wrap(unit));
    int id;
    if (hevc) {
      // The id of a sequence parameter set lies behind its levels; streams have one.
      id = type == HEVC_VPS ? new BitReader(unit, 2).bits(4) : 0;
      id = type == HEVC_PPS ? new BitReader(unit, 2).unsigned() : id;
    } else {
      id = new BitReader(unit, type == H264_SPS ? 4 : 1).unsigned();
    }
    if (id < 0 || id > 255) {
      throw Mp4Box.malformed("A parameter set has the id " + id);
    }
    return id;
  }

  private static List<ByteBuffer> unitsOfAvcc(byte[] header) throws MediaException {
    List<ByteBuffer> units = new ArrayList<>();
    ByteBuffer at = ByteBuffer.wrap(header).position(Math.min(5, header.length));
    takeUnits(at, at.hasRemaining() ? at.get() & 0x1f : 0, units);
    takeUnits(at, at.hasRemaining() ? at.get() & 0xff : 0, units);
    return units;
  }

  private static List<ByteBuffer> unitsOfHvcc(byte[] header) throws MediaException {
    List<ByteBuffer> units = new ArrayList<>();
    ByteBuffer at = ByteBuffer.wrap(header).position(Math.min(22, header.length));
    int arrays = at.hasRemaining() ? at.get() & 0xff : 0;
    for (int index = 0; index < arrays && at.remaining() >= 3; index++) {
      at.get();
      takeUnits(at, at.getShort() & 0xffff, units);
    }
    return units;
  }

  private static void takeUnits(ByteBuffer at, int count, List<ByteBuffer> units)
      throws MediaException {
    for (int index = 0; index < count; index++) {
      int length = at.remaining() < 2 ? -1 : at.getShort() & 0xffff;
      if (length < 1 || length > at.remaining()) {
        throw Mp4Box.malformed("The stream's codec header breaks off");
      }
      units.add(at.slice().limit(length));
      at.position(at.position() + length);
    }
  }
}
