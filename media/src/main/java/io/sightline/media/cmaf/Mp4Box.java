package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a box (ISO/IEC 14496-12, section 4.2) lies in an array. Reading is flat: children are
 * listed level by level, so nesting costs nothing, and every size is checked against its parent.
 *
 * @param type four characters
 * @param start of its header
 * @param body first byte after its header
 * @param end first byte after it
 */
public record Mp4Box(String type, int start, int body, int end) {

  /** No box of ours has more children; an array of empty boxes must not become a list as long. */
  private static final int MAX_CHILDREN = 10_000;

  private static final int HEADER = 8;
  private static final int LARGE_HEADER = 16;

  /**
   * The boxes between two places of an array.
   *
   * @throws MediaException MALFORMED when a size leads out of them
   */
  public static List<Mp4Box> list(byte[] data, int from, int to) throws MediaException {
    if (from < 0 || to > data.length || from > to) {
      throw malformed("A box should lie at " + from + " to " + to + " of " + data.length);
    }
    List<Mp4Box> boxes = new ArrayList<>();
    int at = from;
    while (at < to) {
      Mp4Box box = at(data, at, to);
      if (boxes.size() == MAX_CHILDREN) {
        throw malformed("More than " + MAX_CHILDREN + " boxes lie side by side");
      }
      boxes.add(box);
      at = box.end;
    }
    return boxes;
  }

  /** The boxes inside this one, behind {@code skip} bytes of its own fields. */
  public List<Mp4Box> children(byte[] data, int skip) throws MediaException {
    if (skip > end - body) {
      throw malformed("The box '" + type + "' is too short for its fields");
    }
    return list(data, body + skip, end);
  }

  /**
   * The first box of a type.
   *
   * @throws MediaException MALFORMED when there is none
   */
  static Mp4Box first(List<Mp4Box> boxes, String type) throws MediaException {
    for (Mp4Box box : boxes) {
      if (box.type.equals(type)) {
        return box;
      }
    }
    throw malformed("A box of type '" + type + "' is missing");
  }

  /** Its own fields and children, without the header. */
  int bodyLength() {
    return end - body;
  }

  /**
   * @throws MediaException MALFORMED when it has fewer bytes behind its header
   */
  Mp4Box atLeast(int bytes) throws MediaException {
    if (bodyLength() < bytes) {
      throw malformed("The box '" + type + "' has " + bodyLength() + " bytes, not " + bytes);
    }
    return this;
  }

  static int u8(byte[] data, int at) {
    return data[at] & 0xff;
  }

  static int u16(byte[] data, int at) {
    return u8(data, at) << 8 | u8(data, at + 1);
  }

  static long u32(byte[] data, int at) {
    return (long) u16(data, at) << 16 | u16(data, at + 2);
  }

  static long u64(byte[] data, int at) {
    return u32(data, at) << 32 | u32(data, at + 4);
  }

  static MediaException malformed(String message) {
    return new MediaException(MediaException.Reason.MALFORMED, message);
  }

  private static Mp4Box at(byte[] data, int at, int to) throws MediaException {
    if (to - at < HEADER) {
      throw malformed("Only " + (to - at) + " bytes are left where a box should begin");
    }
    long size = u32(data, at);
    String type = new String(data, at + 4, 4, StandardCharsets.ISO_8859_1);
    int header = HEADER;
    if (size == 1) {
      if (to - at < LARGE_HEADER) {
        throw malformed("The box '" + type + "' breaks off in its size");
      }
      size = u64(data, at + 8);
      header = LARGE_HEADER;
    } else if (size == 0) {
      size = to - at;
    }
    if (size < header || size > to - at) {
      throw malformed(
          "The box '" + type + "' claims " + size + " bytes where " + (to - at) + " are left");
    }
    return new Mp4Box(type, at, at + header, (int) (at + size));
  }
}
