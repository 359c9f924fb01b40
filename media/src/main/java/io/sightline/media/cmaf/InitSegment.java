package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.h264.AvcHeader;
import io.sightline.media.source.CodecHeader;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An init part: {@code ftyp} and {@code moov} of one track, without media (ISO/IEC 23000-19,
 * section 7.3). It has no edit list. Arrays are shared, not copied.
 *
 * @param handler {@code vide} or {@code soun}
 * @param timescale ticks per second
 * @param language three letters, {@code und} when unknown
 * @param matrix 36 bytes: how a player turns the picture
 * @param size 8 bytes: width and height of the picture on screen, as 16.16 fixed point
 * @param sampleEntry the codec's box inside {@code stsd}
 */
public record InitSegment(
    String handler,
    int timescale,
    String language,
    byte[] matrix,
    byte[] size,
    byte[] sampleEntry) {

  /** Fraction bits of the matrix, but for its last column, which has 30. */
  private static final int FIXED_POINT = 16;

  private static final int ONE = 1 << FIXED_POINT;
  private static final int ONE_OF_PERSPECTIVE = 1 << 30;
  private static final int MATRIX_LENGTH = 36;
  private static final int SIZE_LENGTH = 8;

  /** Of a video sample entry, before its boxes. */
  private static final int VIDEO_FIELDS = 78;

  /**
   * Reads the first track of an init part, ours or FFmpeg's.
   *
   * @throws MediaException MALFORMED
   */
  public static InitSegment read(byte[] data) throws MediaException {
    Mp4Box movie = Mp4Box.first(Mp4Box.list(data, 0, data.length), "moov");
    List<Mp4Box> track = Mp4Box.first(movie.children(data, 0), "trak").children(data, 0);
    Mp4Box tkhd = Mp4Box.first(track, "tkhd").atLeast(4);
    int matrixAt = tkhd.body() + 4 + (data[tkhd.body()] == 1 ? 32 : 20) + 16;
    tkhd.atLeast(matrixAt + MATRIX_LENGTH + SIZE_LENGTH - tkhd.body());
    List<Mp4Box> media = Mp4Box.first(track, "mdia").children(data, 0);
    Mp4Box mdhd = Mp4Box.first(media, "mdhd").atLeast(4);
    int timescaleAt = mdhd.body() + 4 + (data[mdhd.body()] == 1 ? 16 : 8);
    int languageAt = timescaleAt + 4 + (data[mdhd.body()] == 1 ? 8 : 4);
    mdhd.atLeast(languageAt + 2 - mdhd.body());
    Mp4Box hdlr = Mp4Box.first(media, "hdlr").atLeast(12);
    Mp4Box stbl = Mp4Box.first(Mp4Box.first(media, "minf").children(data, 0), "stbl");
    Mp4Box stsd = Mp4Box.first(stbl.children(data, 0), "stsd");
    List<Mp4Box> entries = stsd.children(data, 8);
    if (entries.isEmpty()) {
      throw Mp4Box.malformed("The init part names no codec");
    }
    long timescale = Mp4Box.u32(data, timescaleAt);
    if (timescale < 1 || timescale > Integer.MAX_VALUE) {
      throw Mp4Box.malformed("A timescale of " + timescale + " is none");
    }
    return new InitSegment(
        new String(data, hdlr.body() + 8, 4, StandardCharsets.ISO_8859_1),
        (int) timescale,
        unpack(Mp4Box.u16(data, languageAt)),
        Arrays.copyOfRange(data, matrixAt, matrixAt + MATRIX_LENGTH),
        Arrays.copyOfRange(data, matrixAt + MATRIX_LENGTH, matrixAt + MATRIX_LENGTH + SIZE_LENGTH),
        Arrays.copyOfRange(data, entries.get(0).start(), entries.get(0).end()));
  }

  /** The same with times in another unit. */
  public InitSegment withTimescale(int other) {
    return new InitSegment(handler, other, language, matrix, size, sampleEntry);
  }

  /** The same for samples that are described otherwise. */
  public InitSegment withSampleEntry(byte[] other) {
    return new InitSegment(handler, timescale, language, matrix, size, other);
  }

  /**
   * Of a track that is encoded here.
   *
   * @throws MediaException UNSUPPORTED when MP4 cannot hold the codec
   */
  public static InitSegment of(SourceTrack track, int timescale) throws MediaException {
    InitSegment header = read(CodecHeader.moov(track)).turnedAs(track);
    String language = track.language() == null ? "und" : track.language();
    return new InitSegment(
        header.handler, timescale, language, header.matrix, header.size, header.sampleEntry);
  }

  /**
   * The same, with a player turning the pictures as it does those of the track (ISO/IEC 14496-12,
   * section 6.2.2): clockwise, about their upper left corner, and back into view.
   */
  InitSegment turnedAs(SourceTrack track) {
    if (track.rotation() == 0) {
      return this;
    }
    int width = track.width() << FIXED_POINT;
    int height = track.height() << FIXED_POINT;
    int[] values =
        switch (track.rotation()) {
          case 90 -> new int[] {0, ONE, 0, -ONE, 0, 0, height, 0, ONE_OF_PERSPECTIVE};
          case 180 -> new int[] {-ONE, 0, 0, 0, -ONE, 0, width, height, ONE_OF_PERSPECTIVE};
          default -> new int[] {0, -ONE, 0, ONE, 0, 0, 0, width, ONE_OF_PERSPECTIVE};
        };
    ByteBuffer bytes = ByteBuffer.allocate(MATRIX_LENGTH);
    for (int value : values) {
      bytes.putInt(value);
    }
    return new InitSegment(handler, timescale, language, bytes.array(), size, sampleEntry);
  }

  /** As in {@code CODECS} of a playlist (RFC 6381). */
  public String codec() throws MediaException {
    return CodecName.of(sampleEntry);
  }

  /** The {@code avcC} inside the sample entry; null when it is not one of H.264. */
  public AvcHeader avcHeader() throws MediaException {
    Mp4Box box = avcBox();
    return box == null
        ? null
        : AvcHeader.read(Arrays.copyOfRange(sampleEntry, box.body(), box.end()));
  }

  /** The same with another {@code avcC}; only for one that has one. */
  public InitSegment with(AvcHeader header) throws MediaException {
    Mp4Box box = avcBox();
    BoxWriter entry = new BoxWriter();
    entry.bytes(sampleEntry, 0, box.start());
    entry.begin("avcC").bytes(header.write()).end();
    entry.bytes(sampleEntry, box.end(), sampleEntry.length - box.end());
    entry.setU32(0, entry.length());
    return withSampleEntry(entry.toBytes());
  }

  private Mp4Box avcBox() throws MediaException {
    Mp4Box entry = Mp4Box.list(sampleEntry, 0, sampleEntry.length).get(0);
    if (!entry.type().equals("avc1")) {
      return null;
    }
    return Mp4Box.first(entry.children(sampleEntry, VIDEO_FIELDS), "avcC");
  }

  public boolean isVideo() {
    return handler.equals("vide");
  }

  /** Its bytes. */
  public byte[] write() {
    BoxWriter out = new BoxWriter();
    out.begin("ftyp").text("iso6").u32(0).text("iso6cmfc").end();
    out.begin("moov");
    movieHeader(out, 0, 2);
    out.begin("trak");
    trackHeader(out, MovieFragment.TRACK_ID, 0);
    out.begin("mdia");
    mediaHeader(out, 0);
    out.begin("minf");
    mediaInformation(out);
    out.begin("stbl").begin("stsd", 0, 0).u32(1).bytes(sampleEntry).end();
    for (String table : List.of("stts", "stsc", "stco")) {
      out.begin(table, 0, 0).u32(0).end();
    }
    out.begin("stsz", 0, 0).u32(0).u32(0).end();
    out.end().end().end().end();
    out.begin("mvex").begin("trex", 0, 0).u32(MovieFragment.TRACK_ID).u32(1).zeros(12).end();
    return out.end().end().toBytes();
  }

  /**
   * Writes an {@code mvhd} in milliseconds.
   *
   * @param nextTrack a track number that is free
   */
  public static void movieHeader(BoxWriter out, long durationMillis, int nextTrack) {
    out.begin("mvhd", 1, 0).zeros(16).u32(1000).u64(durationMillis);
    out.u32(0x00010000).u16(0x0100).zeros(10).bytes(unturned());
    out.zeros(24).u32(nextTrack).end();
  }

  /** Writes this track's {@code tkhd}. */
  public void trackHeader(BoxWriter out, int track, long durationMillis) {
    out.begin("tkhd", 1, 3).zeros(16).u32(track).u32(0).u64(durationMillis).zeros(8);
    out.u16(0).u16(isVideo() ? 0 : 1).u16(isVideo() ? 0 : 0x0100).u16(0);
    out.bytes(matrix).bytes(size).end();
  }

  /** Writes {@code mdhd} and {@code hdlr} of this track. */
  public void mediaHeader(BoxWriter out, long durationTicks) {
    out.begin("mdhd", 1, 0).zeros(16).u32(timescale).u64(durationTicks);
    out.u16(pack(language)).u16(0).end();
    out.begin("hdlr", 0, 0).u32(0).text(handler).zeros(12);
    out.text(isVideo() ? "Video" : "Sound").u8(0).end();
  }

  /** Writes what stands in {@code minf} before {@code stbl}. */
  public void mediaInformation(BoxWriter out) {
    if (isVideo()) {
      out.begin("vmhd", 0, 1).zeros(8).end();
    } else {
      out.begin("smhd", 0, 0).zeros(4).end();
    }
    out.begin("dinf").begin("dref", 0, 0).u32(1).begin("url ", 0, 1).end().end().end();
  }

  private static byte[] unturned() {
    BoxWriter matrix = new BoxWriter();
    return matrix.u32(0x10000).zeros(12).u32(0x10000).zeros(12).u32(0x40000000).toBytes();
  }

  private static int pack(String language) {
    String code = language == null ? "und" : language.toLowerCase(Locale.ROOT);
    if (!code.matches("[a-z]{3}")) {
      code = "und";
    }
    return (code.charAt(0) - 0x60) << 10 | (code.charAt(1) - 0x60) << 5 | (code.charAt(2) - 0x60);
  }

  private static String unpack(int packed) {
    char[] letters = new char[3];
    for (int index = 0; index < 3; index++) {
      letters[index] = (char) ((packed >> (10 - 5 * index) & 0x1f) + 0x60);
    }
    String code = new String(letters);
    return code.matches("[a-z]{3}") ? code : "und";
  }
}
