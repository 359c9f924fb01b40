package io.sightline.storage.s3;

import io.sightline.storage.ByteSink;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * A new object of a size that nobody knows yet: in one request when it is small, else in parts, of
 * which one at a time is held in memory. Nobody sees it before it is put together.
 */
final class S3Upload implements ByteSink {

  private static final Logger LOG = LoggerFactory.getLogger(S3Upload.class);

  /** S3 User Guide, "Amazon S3 multipart upload limits": 5 MiB at least, and so many at most. */
  static final int PART_BYTES = 8 << 20;

  private static final int MAX_PARTS = 10_000;

  private final Bucket bucket;
  private final String key;
  private final String contentType;
  private final Semaphore room;
  private final Set<S3Upload> underway;

  // Guarded by this.
  private final List<byte[]> blocks = new ArrayList<>();
  private final List<CompletedPart> parts = new ArrayList<>();
  private int waitingBytes;
  private String upload;
  private boolean closed;

  /**
   * @param room for bytes that wait
   * @param underway has this one until it is closed
   */
  S3Upload(Bucket bucket, String key, String contentType, Semaphore room, Set<S3Upload> underway) {
    this.bucket = bucket;
    this.key = key;
    this.contentType = contentType;
    this.room = room;
    this.underway = underway;
    underway.add(this);
  }

  @Override
  public synchronized void write(Buffer block) {
    requireOpen();
    for (int from = 0; from < block.length(); ) {
      int to = Math.min(block.length(), from + PART_BYTES - waitingBytes);
      add(block.getBytes(from, to));
      if (waitingBytes == PART_BYTES) {
        send();
      }
      from = to;
    }
  }

  @Override
  public synchronized void finish() {
    requireOpen();
    if (upload == null) {
      bucket.put(key, blocks, waitingBytes, contentType);
      return;
    }
    if (waitingBytes > 0) {
      send();
    }
    bucket.complete(key, upload, parts);
    upload = null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    underway.remove(this);
    clear();
    if (upload == null) {
      return;
    }
    try {
      bucket.abort(key, upload);
    } catch (StorageException e) {
      LOG.warn(
          "Until a rule of the bucket's lifecycle removes them, they stay: {}", e.getMessage());
    }
    upload = null;
  }

  private void requireOpen() {
    if (closed) {
      throw new StorageException(
          Reason.UNAVAILABLE, "The upload of " + bucket.shown(key) + " was given up");
    }
  }

  private void add(byte[] block) {
    if (!room.tryAcquire(block.length)) {
      throw new StorageException(Reason.UNAVAILABLE, "Too many objects wait for the bucket");
    }
    blocks.add(block);
    waitingBytes += block.length;
  }

  private void send() {
    if (upload == null) {
      upload = bucket.begin(key, contentType);
    }
    if (parts.size() == MAX_PARTS) {
      throw new StorageException(
          Reason.INVALID,
          bucket.shown(key) + " is larger than " + (long) MAX_PARTS * PART_BYTES + " bytes");
    }
    parts.add(bucket.put(key, upload, parts.size() + 1, blocks, waitingBytes));
    clear();
  }

  private void clear() {
    room.release(waitingBytes);
    blocks.clear();
    waitingBytes = 0;
  }
}
