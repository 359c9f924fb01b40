package io.sightline.ingestgateway.delivery;

import io.sightline.media.cut.ByteSource;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Recorded bytes for media's blocking readers; to be used on a worker thread. */
final class StoredBytes implements ByteSource {

  private static final long TIMEOUT_SECONDS = 30;

  private final ObjectStore objects;

  StoredBytes(ObjectStore objects) {
    this.objects = objects;
  }

  @Override
  public byte[] read(String key, long offset, long length) throws IOException {
    Future<byte[]> read = objects.get(key, offset, length).map(buffer -> buffer.getBytes());
    try {
      return read.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw new IOException("The object " + key + " cannot be read", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("Storage did not give the object " + key + " in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Reading the object " + key + " was interrupted", e);
    }
  }
}
