package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Codec names as {@code CODECS} of a playlist wants them (RFC 6381), read off a sample entry. */
final class CodecName {

  private static final int VIDEO_FIELDS = 78;
  private static final int AUDIO_FIELDS = 28;

  private CodecName() {}

  static String of(byte[] sampleEntry) throws MediaException {
    Mp4Box entry = Mp4Box.list(sampleEntry, 0, sampleEntry.length).get(0);
    switch (entry.type()) {
      case "avc1":
        return avc(sampleEntry, config(sampleEntry, entry, "avcC", 4));
      case "hvc1":
        return hevc(sampleEntry, config(sampleEntry, entry, "hvcC", 13));
      case "av01":
        return av1(sampleEntry, config(sampleEntry, entry, "av1C", 3));
      case "vp09":
        return vp9(sampleEntry, config(sampleEntry, entry, "vpcC", 7));
      case "mp4a":
        return mpeg4(sampleEntry, sound(sampleEntry, entry, "esds"));
      case "Opus":
        return "opus";
      default:
        return entry.type();
    }
  }

  /** The box inside a video sample entry that holds the codec's configuration. */
  static Mp4Box config(byte[] data, Mp4Box entry, String type, int length) throws MediaException {
    return Mp4Box.first(entry.children(data, VIDEO_FIELDS), type).atLeast(length);
  }

  private static Mp4Box sound(byte[] data, Mp4Box entry, String type) throws MediaException {
    return Mp4Box.first(entry.children(data, AUDIO_FIELDS), type);
  }

  private static String avc(byte[] data, Mp4Box avcc) {
    int at = avcc.body();
    return String.format(
        Locale.ROOT,
        "avc1.%02x%02x%02x",
        Mp4Box.u8(data, at + 1),
        Mp4Box.u8(data, at + 2),
        Mp4Box.u8(data, at + 3));
  }

  /** ISO/IEC 14496-15, annex E.3. */
  private static String hevc(byte[] data, Mp4Box hvcc) {
    int at = hvcc.body();
    int profile = Mp4Box.u8(data, at + 1);
    String space = List.of("", "A", "B", "C").get(profile >> 6);
    int compatibility = Integer.reverse((int) Mp4Box.u32(data, at + 2));
    StringBuilder name = new StringBuilder("hvc1.").append(space).append(profile & 0x1f);
    name.append('.').append(Integer.toHexString(compatibility).toUpperCase(Locale.ROOT));
    name.append((profile & 0x20) == 0 ? ".L" : ".H").append(Mp4Box.u8(data, at + 12));
    int last = 11;
    while (last >= 6 && data[at + last] == 0) {
      last--;
    }
    for (int index = 6; index <= last; index++) {
      name.append('.')
          .append(Integer.toHexString(Mp4Box.u8(data, at + index)).toUpperCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static String av1(byte[] data, Mp4Box av1c) {
    int second = Mp4Box.u8(data, av1c.body() + 1);
    int third = Mp4Box.u8(data, av1c.body() + 2);
    int depth = (third & 0x40) == 0 ? 8 : (third & 0x20) == 0 ? 10 : 12;
    return String.format(
        Locale.ROOT,
        "av01.%d.%02d%s.%02d",
        second >> 5,
        second & 0x1f,
        (third & 0x80) == 0 ? "M" : "H",
        depth);
  }

  private static String vp9(byte[] data, Mp4Box vpcc) {
    int at = vpcc.body() + 4;
    return String.format(
        Locale.ROOT,
        "vp09.%02d.%02d.%02d",
        Mp4Box.u8(data, at),
        Mp4Box.u8(data, at + 1),
        Mp4Box.u8(data, at + 2) >> 4);
  }

  /** Reads the descriptors of an {@code esds} (ISO/IEC 14496-1, section 7.2.6). */
  private static String mpeg4(byte[] data, Mp4Box esds) throws MediaException {
    int at = esds.atLeast(4).body() + 4;
    int objectType = -1;
    while (at + 2 <= esds.end()) {
      int tag = Mp4Box.u8(data, at++);
      int length = 0;
      int more;
      do {
        if (at >= esds.end()) {
          throw Mp4Box.malformed("The sound's codec header breaks off");
        }
        more = Mp4Box.u8(data, at++);
        length = length << 7 | more & 0x7f;
      } while ((more & 0x80) != 0);
      if (tag == 3) {
        at += 3;
      } else if (tag == 4 && at < esds.end()) {
        objectType = Mp4Box.u8(data, at);
        at += 13;
      } else if (tag == 5 && at + 2 <= esds.end()) {
        int first = Mp4Box.u16(data, at);
        int audioType = first >> 11;
        return "mp4a.40." + (audioType == 31 ? 32 + (first >> 5 & 0x3f) : audioType);
      } else {
        at += length;
      }
    }
    if (objectType < 0) {
      throw Mp4Box.malformed("The sound's codec header names no codec");
    }
    return "mp4a." + Integer.toHexString(objectType).toUpperCase(Locale.ROOT);
  }

  static String typeOf(byte[] sampleEntry) {
    return new String(sampleEntry, 4, 4, StandardCharsets.ISO_8859_1);
  }
}
