package io.sightline.storage.s3;

import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectKeys;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ObjectStream;
import io.sightline.storage.Pool;
import io.sightline.storage.PooledObjectStream;
import io.sightline.storage.PooledUpload;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Objects below a prefix of a bucket, which several processes may share. S3 shows an object whole
 * or not at all, and acknowledges it when it is durable; whoever reads afterwards sees it (S3 User
 * Guide, "Amazon S3 data consistency model"). Blocking work happens on threads named {@code
 * sightline-s3}.
 */
public final class S3ObjectStore implements ObjectStore {

  /** They wait for the network most of the time. */
  private static final int THREADS = 32;

  /** What may wait in memory to be written. */
  private static final int MAX_WAITING_BYTES = 512 << 20;

  private final Vertx vertx;
  private final Pool pool;
  private final Bucket bucket;
  private final Semaphore room = new Semaphore(MAX_WAITING_BYTES);

  /** Parts of an upload that nobody ends would be paid for, and seen by nobody. */
  private final Set<S3Upload> underway = ConcurrentHashMap.newKeySet();

  private S3ObjectStore(Vertx vertx, Pool pool, Bucket bucket) {
    this.vertx = vertx;
    this.pool = pool;
    this.bucket = bucket;
  }

  /**
   * Opens a store, and sees that it may be listed, written to, read and deleted from.
   *
   * @return fails with UNAVAILABLE when it may not, or when there is no bucket or no way to it
   */
  public static Future<S3ObjectStore> open(Vertx vertx, S3Location location, S3Access access) {
    return open(vertx, location, access, Bucket.Patience.USUAL);
  }

  static Future<S3ObjectStore> open(
      Vertx vertx, S3Location location, S3Access access, Bucket.Patience patience) {
    Pool pool = new Pool(vertx, "sightline-s3", THREADS);
    return pool.run(
            () -> {
              Bucket bucket = Bucket.open(location, access, patience);
              try {
                bucket.probe();
                return new S3ObjectStore(vertx, pool, bucket);
              } catch (RuntimeException e) {
                bucket.close();
                throw e;
              }
            })
        .onFailure(e -> pool.close(() -> null));
  }

  @Override
  public Future<Void> put(String key, Buffer content, String contentType) {
    int bytes = Math.min(content.length(), MAX_WAITING_BYTES);
    if (!room.tryAcquire(bytes)) {
      return Future.failedFuture(
          new StorageException(Reason.UNAVAILABLE, "Too many objects wait for the bucket"));
    }
    return pool.<Void>run(
            () -> {
              ObjectKeys.require(key);
              if (content.length() <= S3Upload.PART_BYTES) {
                bucket.put(key, content.getBytes(), contentType);
              } else {
                putInParts(key, content, contentType);
              }
              return null;
            })
        .onComplete(written -> room.release(bytes));
  }

  private void putInParts(String key, Buffer content, String contentType) {
    try (S3Upload upload = upload(key, contentType)) {
      upload.write(content);
      upload.finish();
    }
  }

  @Override
  public Future<Long> put(String key, ReadStream<Buffer> content, String contentType) {
    content.pause();
    return pool.run(() -> upload(key, contentType))
        .compose(upload -> PooledUpload.store(pool, content, upload))
        .recover(
            e ->
                Future.failedFuture(
                    StorageException.of("The object '" + ObjectKeys.shown(key) + "'", e)));
  }

  private S3Upload upload(String key, String contentType) {
    return new S3Upload(bucket, ObjectKeys.require(key), contentType, room, underway);
  }

  @Override
  public Future<Buffer> get(String key, long offset, long length) {
    return pool.run(
        () -> {
          try (S3Source source = S3Source.open(bucket, ObjectKeys.require(key), offset, length)) {
            if (source.length() > Integer.MAX_VALUE - 8) {
              throw new StorageException(
                  Reason.INVALID,
                  bucket.shown(key) + " is too large to be held in memory: " + source.length());
            }
            return Buffer.buffer(source.next((int) source.length()));
          }
        });
  }

  @Override
  public Future<ObjectStream> read(String key, long offset, long length) {
    Context context = vertx.getOrCreateContext();
    return pool.run(
        () -> {
          S3Source source = S3Source.open(bucket, ObjectKeys.require(key), offset, length);
          return new PooledObjectStream(pool, context, source, source.length());
        });
  }

  @Override
  public Future<ObjectInfo> head(String key) {
    return pool.run(
        () -> {
          HeadObjectResponse head = bucket.head(ObjectKeys.require(key));
          return new ObjectInfo(key, head.contentLength(), head.lastModified());
        });
  }

  @Override
  public Future<Void> delete(String key) {
    return pool.run(
        () -> {
          bucket.delete(ObjectKeys.require(key));
          return null;
        });
  }

  @Override
  public Future<ObjectPage> list(String prefix, String after, int limit) {
    if (limit < 1 || limit > 1000) {
      return Future.failedFuture(
          new StorageException(Reason.INVALID, "A page has 1 to 1000 objects, not " + limit));
    }
    return pool.run(() -> bucket.list(ObjectKeys.requirePrefix(prefix), after, limit));
  }

  /** Gives up the uploads under way. */
  @Override
  public Future<Void> close() {
    return pool.close(
        () -> {
          underway.forEach(S3Upload::close);
          bucket.close();
          return null;
        });
  }
}
