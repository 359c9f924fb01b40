package io.sightline.edgecapture.folder;

import io.sightline.records.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who a file is by its content: its size and its first megabyte, whatever its name. */
public final class FileDigest {

  private static final int DIGESTED_BYTES = 1_000_000;

  private FileDigest() {}

  public static String of(Path file) throws IOException {
    return of(file, Files.size(file));
  }

  /** As it was when it had this size. */
  static String of(Path file, long sizeBytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes((int) Math.min(sizeBytes, DIGESTED_BYTES));
      ByteBuffer digested = ByteBuffer.allocate(Long.BYTES + first.length);
      digested.putLong(sizeBytes).put(first);
      return Ids.digest(digested.array());
    }
  }
}
