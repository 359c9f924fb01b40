package io.sightline.media.timeline;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Timelines and the media that they name as one zip, written as they come: nothing is held but the
 * checksums. The last file, {@code SHA256SUMS}, is what {@code sha256sum -c} takes. The same files
 * give the same bytes. One thread.
 */
public final class TimelineBundle implements Closeable {

  /** The folder that timelines go to, so that {@link #url} leads from them to media. */
  public static final String TIMELINES = "timelines/";

  private static final String SUMS = "SHA256SUMS";
  private static final int BUFFER_BYTES = 1 << 18;

  private final ZipOutputStream zip;
  private final StringBuilder sums = new StringBuilder();

  /** Owns {@code out}. */
  public TimelineBundle(OutputStream out) {
    zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES), StandardCharsets.UTF_8);
  }

  /**
   * Begins a file; to be closed before the next one begins.
   *
   * @param path with {@code /} between its parts
   */
  public OutputStream create(String path) throws IOException {
    begin(path);
    MessageDigest digest = sha256();
    return new FilterOutputStream(new DigestOutputStream(zip, digest)) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        zip.closeEntry();
        sums.append(HexFormat.of().formatHex(digest.digest()));
        sums.append("  ").append(path).append('\n');
      }
    };
  }

  /** The URL by which a timeline names a file: relative to itself. */
  public static String url(String path) {
    return "../" + path;
  }

  /** Writes the checksums and ends the zip. */
  public void finish() throws IOException {
    begin(SUMS);
    zip.write(sums.toString().getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
    zip.finish();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private void begin(String path) throws IOException {
    ZipEntry entry = new ZipEntry(path);
    entry.setTimeLocal(TimelineZip.ENTRY_TIME);
    // Media does not get smaller, only later.
    boolean media = path.endsWith(".mp4") || path.endsWith(".jpg");
    zip.setLevel(media ? Deflater.NO_COMPRESSION : Deflater.DEFAULT_COMPRESSION);
    zip.putNextEntry(entry);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
