package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.h264.SequenceParameters;
import io.sightline.media.source.CodecHeader;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.util.Arrays;

/**
 * What a decoder must be told before a track's samples: made from FFmpeg's own sample entry, so
 * that every codec it can put into MP4 is described as it would do. Compared by identity: a new
 * object means a new init part.
 */
final class CodecConfig {

  private static final int VIDEO_FIELDS = 78;
  private static final int ENTRY_WIDTH = 32;

  private final InitSegment header;
  private final String codec;

  private CodecConfig(InitSegment header) throws MediaException {
    this.header = header;
    this.codec = CodecName.of(header.sampleEntry());
  }

  /**
   * @param track with the header that holds from now on
   * @param first the packet that needs it: some codecs have no other header
   * @throws MediaException UNSUPPORTED when MP4 cannot hold the codec
   */
  static CodecConfig of(SourceTrack track, Packet first) throws MediaException {
    boolean toldByPacket = track.codec().equals("ac3") || track.codec().equals("eac3");
    byte[] moov = toldByPacket ? CodecHeader.moov(track, first) : CodecHeader.moov(track);
    InitSegment header = InitSegment.read(moov).turnedAs(track);
    byte[] entry = header.sampleEntry().clone();
    switch (CodecName.typeOf(entry)) {
      case "hev1":
        rename(entry, "hvc1");
        markComplete(entry);
        break;
      case "avc3":
        rename(entry, "avc1");
        break;
      default:
        break;
    }
    return new CodecConfig(with(header, header.size(), entry));
  }

  /** The same for pictures of another size, which the source's first header did not tell. */
  CodecConfig sized(SequenceParameters size) throws MediaException {
    if (size.width() == width() && size.height() == height()) {
      return this;
    }
    byte[] entry = header.sampleEntry().clone();
    putU16(entry, ENTRY_WIDTH, size.width());
    putU16(entry, ENTRY_WIDTH + 2, size.height());
    BoxWriter onScreen = new BoxWriter();
    onScreen.u32((long) size.width() << 16).u32((long) size.height() << 16);
    return new CodecConfig(with(header, onScreen.toBytes(), entry));
  }

  /** As in {@code CODECS} of a playlist. */
  String codec() {
    return codec;
  }

  int width() {
    return header.isVideo() ? Mp4Box.u16(header.sampleEntry(), ENTRY_WIDTH) : 0;
  }

  int height() {
    return header.isVideo() ? Mp4Box.u16(header.sampleEntry(), ENTRY_WIDTH + 2) : 0;
  }

  byte[] initPart(int timescale, String language) {
    return new InitSegment(
            header.handler(),
            timescale,
            language == null ? "und" : language,
            header.matrix(),
            header.size(),
            header.sampleEntry())
        .write();
  }

  private static InitSegment with(InitSegment header, byte[] size, byte[] entry) {
    return new InitSegment(
        header.handler(), header.timescale(), header.language(), header.matrix(), size, entry);
  }

  private static void rename(byte[] entry, String type) {
    for (int index = 0; index < 4; index++) {
      entry[4 + index] = (byte) type.charAt(index);
    }
  }

  /** {@code hvc1} promises that all parameter sets are in the header: each array says so. */
  private static void markComplete(byte[] entry) throws MediaException {
    Mp4Box box = Mp4Box.list(entry, 0, entry.length).get(0);
    Mp4Box hvcc = Mp4Box.first(box.children(entry, VIDEO_FIELDS), "hvcC").atLeast(23);
    int at = hvcc.body() + 22;
    int arrays = Mp4Box.u8(entry, at++);
    for (int array = 0; array < arrays && at + 3 <= hvcc.end(); array++) {
      entry[at] |= (byte) 0x80;
      int units = Mp4Box.u16(entry, at + 1);
      at += 3;
      for (int unit = 0; unit < units && at + 2 <= hvcc.end(); unit++) {
        at += 2 + Mp4Box.u16(entry, at);
      }
    }
  }

  private static void putU16(byte[] data, int at, int value) {
    data[at] = (byte) (value >> 8);
    data[at + 1] = (byte) value;
  }

  @Override
  public String toString() {
    return codec + Arrays.asList(width(), height());
  }
}
