package io.sightline.segmenter;

import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** State as compressed JSON: items that wait for their other lane are much alike. */
final class Packed {

  /** State is our own, but a damaged one must not take all memory. */
  private static final int MAX_BYTES = 512 * 1024 * 1024;

  private Packed() {}

  static byte[] pack(Object state) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(Json.encode(state));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  static <T> T unpack(byte[] packed, Class<T> type) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return Json.decode(in.readNBytes(MAX_BYTES), type);
    } catch (IOException e) {
      throw new MalformedRecordException("A checkpoint is damaged: " + e.getMessage(), e);
    }
  }
}
