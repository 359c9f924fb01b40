package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.records.Ids;
import io.sightline.records.Positions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Who a file is, wherever and under whatever name it lies: the same content gives the same epoch.
 *
 * @param startMicros position of its first picture: its creation time, where it tells one from the
 *     year 2000 or later, else when it was last modified
 * @param digest of its size and its first megabyte
 */
record FileIdentity(long startMicros, String digest) {

  private static final int DIGESTED_BYTES = 1_000_000;

  static FileIdentity of(Path file, MediaSource source) throws MediaException {
    Optional<Instant> created = source.creationTime();
    try {
      Instant start =
          created.isPresent() ? created.get() : Files.getLastModifiedTime(file).toInstant();
      return new FileIdentity(Math.max(0, Positions.of(start)), digest(file));
    } catch (NoSuchFileException e) {
      throw new MediaException(
          MediaException.Reason.NOT_FOUND, "There is no file '" + file + "'", e);
    } catch (IOException e) {
      throw new MediaException(
          MediaException.Reason.UNAVAILABLE, "The file '" + file + "' cannot be read", e);
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] first = in.readNBytes(DIGESTED_BYTES);
      ByteBuffer digested = ByteBuffer.allocate(Long.BYTES + first.length);
      digested.putLong(Files.size(file)).put(first);
      return Ids.digest(digested.array());
    }
  }
}
