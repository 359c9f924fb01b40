package io.sightline.media.h264;

import io.sightline.media.MediaException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An {@code avcC} (ISO/IEC 14496-15, section 5.3.3): the parameter sets that a decoder is told
 * before the first sample. Arrays are shared, not copied.
 *
 * @param profile three bytes: profile, compatibility and level
 * @param sequence sequence parameter sets, whole NAL units
 * @param picture picture parameter sets, whole NAL units
 * @param extension what follows them, for profiles that need it; may be empty
 */
public record AvcHeader(
    byte[] profile, List<byte[]> sequence, List<byte[]> picture, byte[] extension) {

  /** All that its five bits can count. */
  static final int MAX_SEQUENCE_SETS = 31;

  static final int MAX_PICTURE_SETS = 255;

  private static final int FIXED = 6;
  private static final int FOUR_BYTE_LENGTHS = 0xff;

  public AvcHeader {
    sequence = List.copyOf(sequence);
    picture = List.copyOf(picture);
  }

  /**
   * Reads the content of the box.
   *
   * @throws MediaException MALFORMED
   */
  public static AvcHeader read(byte[] content) throws MediaException {
    if (content.length < FIXED + 1 || content[0] != 1) {
      throw malformed();
    }
    ByteBuffer at = ByteBuffer.wrap(content).position(FIXED - 1);
    List<byte[]> sequence = units(at, at.get() & 0x1f);
    if (!at.hasRemaining()) {
      throw malformed();
    }
    List<byte[]> picture = units(at, at.get() & 0xff);
    byte[] extension = new byte[at.remaining()];
    at.get(extension);
    return new AvcHeader(Arrays.copyOfRange(content, 1, 4), sequence, picture, extension);
  }

  /** The content of the box; samples have lengths of four bytes. */
  public byte[] write() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.writeBytes(profile);
    out.write(FOUR_BYTE_LENGTHS);
    out.write(0xe0 | sequence.size());
    sequence.forEach(unit -> write(unit, out));
    out.write(picture.size());
    picture.forEach(unit -> write(unit, out));
    out.writeBytes(extension);
    return out.toByteArray();
  }

  private static void write(byte[] unit, ByteArrayOutputStream out) {
    out.write(unit.length >> 8);
    out.write(unit.length);
    out.writeBytes(unit);
  }

  private static List<byte[]> units(ByteBuffer at, int count) throws MediaException {
    List<byte[]> units = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      int length = at.remaining() < 2 ? -1 : at.getShort() & 0xffff;
      if (length < 2 || length > at.remaining()) {
        throw malformed();
      }
      byte[] unit = new byte[length];
      at.get(unit);
      units.add(unit);
    }
    return units;
  }

  private static MediaException malformed() {
    return new MediaException(
        MediaException.Reason.MALFORMED, "The header of the H.264 track breaks off");
  }
}
