package io.sightline.edgecapture;

import io.sightline.edgecapture.folder.FileDigest;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.records.Positions;
import java.io.IOException;
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

  /** The same content that begins elsewhere on the axis. */
  FileIdentity at(long otherMicros) {
    return new FileIdentity(otherMicros, digest);
  }

  static FileIdentity of(Path file, MediaSource source) throws MediaException {
    Optional<Instant> created = source.creationTime();
    try {
      Instant start =
          created.isPresent() ? created.get() : Files.getLastModifiedTime(file).toInstant();
      return new FileIdentity(Math.max(0, Positions.of(start)), FileDigest.of(file));
    } catch (NoSuchFileException e) {
      throw new MediaException(
          MediaException.Reason.NOT_FOUND, "There is no file '" + file + "'", e);
    } catch (IOException e) {
      throw new MediaException(
          MediaException.Reason.UNAVAILABLE, "The file '" + file + "' cannot be read", e);
    }
  }
}
