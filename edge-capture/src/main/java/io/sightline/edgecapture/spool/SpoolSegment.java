package io.sightline.edgecapture.spool;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of records, one behind the other, written once from front to back and removed as a whole.
 * Each record is: bytes of header and payload, kind, ordinal, time, end, a checksum of all that and
 * of the header, one of the payload; then header and payload. What a kill cuts short at the end is
 * no record. Safe for use by any thread.
 */
final class SpoolSegment {

  static final int RECORD_BYTES = 4 + 4 + 1 + 8 + 8 + 8 + 4 + 4;

  /** What {@code RandomAccessFile} copies on the stack: {@code BUF_SIZE} of its io_util.c. */
  private static final int COPIED_BYTES = 8192;

  private static final int SUMMED_BYTES = RECORD_BYTES - 8;
  private static final int MAX_HEADER_BYTES = 4 << 20;
  private static final int MAX_PAYLOAD_BYTES = 256 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(SpoolSegment.class);

  private final SpoolLane lane;
  private final Path file;
  private final ReleasedNote note;

  /** Of those that were released the last one; -1 when there is none. */
  private final AtomicLong released = new AtomicLong(-1);

  /** Records still needed. No lock: who releases one must not wait for a disk that is written. */
  private final AtomicInteger live = new AtomicInteger();

  /** Whether nothing more is written. */
  private volatile boolean sealed;

  /**
   * No channel: an interrupt in the middle of a write closes those, and capture threads are
   * interrupted to end. Guarded by this, as is what follows.
   */
  private RandomAccessFile writing;

  private long sizeBytes;
  private long syncedBytes;
  private boolean removed;

  private SpoolSegment(SpoolLane lane, Path file, ReleasedNote note, RandomAccessFile writing) {
    this.lane = lane;
    this.file = file;
    this.note = note;
    this.writing = writing;
  }

  /** Begins a file. */
  static SpoolSegment create(SpoolLane lane, Path file, ReleasedNote note) throws IOException {
    Files.createFile(file);
    return new SpoolSegment(lane, file, note, new RandomAccessFile(file.toFile(), "rw"));
  }

  /**
   * Finds the records of a file that an earlier process wrote.
   *
   * @param into takes them, in their order
   */
  static SpoolSegment recover(
      SpoolLane lane, Path file, ReleasedNote note, List<EpochSpool.Left> into) throws IOException {
    SpoolSegment segment = new SpoolSegment(lane, file, note, null);
    List<EpochSpool.Left> found = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long at = 0;
      while (at + RECORD_BYTES <= size) {
        EpochSpool.Left left = segment.recordAt(channel, at, size);
        if (left == null) {
          break;
        }
        found.add(left);
        SpoolRecord record = left.record();
        at += RECORD_BYTES + record.headerBytes() + (long) record.payloadBytes();
      }
      segment.sizeBytes = at;
      segment.syncedBytes = at;
    }
    segment.live.set(found.size());
    segment.sealed = true;
    into.addAll(found);
    if (found.isEmpty()) {
      segment.remove();
    }
    return segment;
  }

  synchronized long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Writes a record behind the others. Blocks.
   *
   * @throws IOException when it could not be written whole; then nothing of it counts
   */
  synchronized SpoolRecord append(
      byte kind, long ordinal, long atMicros, long endMicros, byte[] header, byte[] payload)
      throws IOException {
    ByteBuffer head = ByteBuffer.allocate(RECORD_BYTES + header.length);
    head.putInt(header.length).putInt(payload.length).put(kind);
    head.putLong(ordinal).putLong(atMicros).putLong(endMicros);
    CRC32C sum = new CRC32C();
    sum.update(head.array(), 0, SUMMED_BYTES);
    sum.update(header);
    CRC32C payloadSum = new CRC32C();
    payloadSum.update(payload);
    head.putInt((int) sum.getValue()).putInt((int) payloadSum.getValue()).put(header);
    long offset = sizeBytes;
    try {
      writing.seek(offset);
      write(head.array());
      write(payload);
    } catch (IOException e) {
      writing.setLength(offset);
      throw e;
    }
    sizeBytes = offset + RECORD_BYTES + header.length + payload.length;
    live.incrementAndGet();
    return new SpoolRecord(
        lane, kind, ordinal, atMicros, endMicros, this, offset, header.length, payload.length);
  }

  /** Of more at once the virtual machine makes a copy in memory that it asks the system for. */
  private void write(byte[] content) throws IOException {
    for (int at = 0; at < content.length; at += COPIED_BYTES) {
      writing.write(content, at, Math.min(COPIED_BYTES, content.length - at));
    }
  }

  /** Nothing more is written to it. */
  synchronized void seal() throws IOException {
    if (writing != null) {
      RandomAccessFile done = writing;
      writing = null;
      if (live.get() > 0 && syncedBytes < sizeBytes) {
        done.getFD().sync();
        syncedBytes = sizeBytes;
      }
      done.close();
    }
    sealed = true;
    if (live.get() == 0) {
      go();
    }
  }

  /** Makes what is still needed of it outlive a power failure. Blocks. */
  void sync() throws IOException {
    RandomAccessFile written;
    long upTo;
    synchronized (this) {
      written = live.get() > 0 && syncedBytes < sizeBytes ? writing : null;
      upTo = sizeBytes;
    }
    if (written != null) {
      written.getFD().sync();
      synchronized (this) {
        syncedBytes = Math.max(syncedBytes, upTo);
      }
    }
  }

  /** Of the last record of a sealed file this removes it, after a note that it was not lost. */
  void release(long ordinal) {
    released.accumulateAndGet(ordinal, Math::max);
    drop();
  }

  /** Of the last record of a sealed file this removes it. */
  void drop() {
    if (live.decrementAndGet() == 0 && sealed) {
      go();
    }
  }

  private synchronized void go() {
    if (!removed && released.get() >= 0) {
      note.released(released.get());
    }
    remove();
  }

  byte[] payload(SpoolRecord record) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(RECORD_BYTES);
    ByteBuffer payload = ByteBuffer.allocate(record.payloadBytes());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      readFully(channel, head, record.offset());
      readFully(channel, payload, record.offset() + RECORD_BYTES + record.headerBytes());
    }
    CRC32C sum = new CRC32C();
    sum.update(payload.array());
    if ((int) sum.getValue() != head.getInt(SUMMED_BYTES + 4)) {
      throw new IOException("A record of " + file + " is damaged at " + record.offset());
    }
    return payload.array();
  }

  /** Removes the file, whatever is in it. */
  synchronized void remove() {
    if (removed) {
      return;
    }
    removed = true;
    try {
      if (writing != null) {
        writing.close();
        writing = null;
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} could not be removed: {}", file, e.getMessage());
    }
  }

  private EpochSpool.Left recordAt(FileChannel channel, long at, long size) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(RECORD_BYTES);
    readFully(channel, head, at);
    head.flip();
    int headerBytes = head.getInt();
    int payloadBytes = head.getInt();
    byte kind = head.get();
    long ordinal = head.getLong();
    long atMicros = head.getLong();
    long endMicros = head.getLong();
    int expected = head.getInt();
    if (headerBytes < 0
        || headerBytes > MAX_HEADER_BYTES
        || payloadBytes < 0
        || payloadBytes > MAX_PAYLOAD_BYTES
        || at + RECORD_BYTES + headerBytes + (long) payloadBytes > size) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(headerBytes);
    readFully(channel, header, at + RECORD_BYTES);
    CRC32C sum = new CRC32C();
    sum.update(head.array(), 0, SUMMED_BYTES);
    sum.update(header.array());
    if ((int) sum.getValue() != expected) {
      return null;
    }
    return new EpochSpool.Left(
        new SpoolRecord(
            lane, kind, ordinal, atMicros, endMicros, this, at, headerBytes, payloadBytes),
        header.array());
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
    long position = at;
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw new EOFException("The file ends before its record");
      }
      position += read;
    }
  }
}
