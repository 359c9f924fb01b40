package io.sightline.edgecapture.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far an epoch's records were released, in a file of eight bytes. Written when a file of
 * records goes with the last of them: what is still there says the rest. Records are released in
 * their order, so all before the noted one were, too, though they may still be there: in the other
 * log, whose files may last much longer. Safe for use by any thread.
 */
final class ReleasedNote {

  private static final Logger LOG = LoggerFactory.getLogger(ReleasedNote.class);

  private final Path file;
  private long before;

  private ReleasedNote(Path file, long before) {
    this.file = file;
    this.before = before;
  }

  /** Of a new epoch. */
  static ReleasedNote none(Path file) {
    return new ReleasedNote(file, 0);
  }

  /** As an earlier process left it. Blocks. */
  static ReleasedNote read(Path file) throws IOException {
    byte[] noted = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    return new ReleasedNote(file, noted.length < Long.BYTES ? 0 : ByteBuffer.wrap(noted).getLong());
  }

  /** The ordinal before which every record was released or given up; 0 when nothing is noted. */
  synchronized long before() {
    return before;
  }

  /** This record, and all before it, are needed no more. Blocks. */
  synchronized void released(long ordinal) {
    if (ordinal < before) {
      return;
    }
    before = ordinal + 1;
    // In place: a full disk has room for it, and a kill leaves the old number or the new one.
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(ByteBuffer.allocate(Long.BYTES).putLong(before).array());
    } catch (IOException e) {
      LOG.warn("{}: what was released could not be noted: {}", file, e.getMessage());
    }
  }
}
