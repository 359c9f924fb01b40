package io.sightline.replay;

import io.sightline.records.Ids;
import io.sightline.records.ReelPartOrder;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What requests may name as transitions, in the object store: whoever makes something of it may run
 * on another machine. Blocking; thread-safe, but for {@link #store}, which one thread calls.
 */
final class StoredFiles {

  private static final Logger LOG = LoggerFactory.getLogger(StoredFiles.class);
  private static final long TIMEOUT_SECONDS = 120;

  private final ObjectStore objects;
  private final HeldParts parts;
  private final TransitionFiles files;
  private final Map<String, String> keys = new ConcurrentHashMap<>();

  StoredFiles(ObjectStore objects, HeldParts parts, TransitionFiles files) {
    this.objects = objects;
    this.parts = parts;
    this.files = files;
  }

  TransitionFiles files() {
    return files;
  }

  /**
   * Stores those that are not there, and notes that all are wanted. To be done again and again,
   * else they are deleted.
   *
   * @throws IOException when one of them cannot be stored now
   */
  void store() throws IOException {
    for (Map.Entry<String, Path> file : files.byId().entrySet()) {
      try {
        Optional<String> key = parts.holdFile(file.getKey());
        if (key.isPresent() && isThere(key.get(), file.getKey(), file.getValue())) {
          keys.put(file.getKey(), key.get());
        } else {
          keys.remove(file.getKey());
        }
      } catch (StorageException | TimeoutException e) {
        throw new IOException(file.getValue() + " cannot be stored now: " + e.getMessage(), e);
      }
    }
  }

  /**
   * An order with the keys of the files that it names by their ids; empty when one of them is not
   * there now.
   */
  Optional<ReelPartOrder> in(ReelPartOrder order) {
    if (!keys.keySet().containsAll(named(order))) {
      LOG.warn("{} is asked for when what it is made of is stored", order.key());
      return Optional.empty();
    }
    return Optional.of(
        new ReelPartOrder(
            order.key(),
            order.index(),
            in(order.in()),
            in(order.out()),
            order.file() == null ? null : keys.get(order.file()),
            order.sound()));
  }

  private static List<String> named(ReelPartOrder order) {
    return Stream.of(picture(order.in()), picture(order.out()), order.file())
        .filter(Objects::nonNull)
        .toList();
  }

  private ReelPartOrder.Fade in(ReelPartOrder.Fade fade) {
    return picture(fade) == null
        ? fade
        : new ReelPartOrder.Fade(fade.micros(), fade.rgb(), keys.get(fade.picture()));
  }

  private static String picture(ReelPartOrder.Fade fade) {
    return fade == null ? null : fade.picture();
  }

  private boolean isThere(String key, String id, Path file) throws IOException, TimeoutException {
    try {
      await(objects.head(key));
      return true;
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.NOT_FOUND) {
        throw e;
      }
    }
    byte[] content = Files.readAllBytes(file);
    if (!id.endsWith("-" + Ids.digest(content))) {
      LOG.warn("{} is not what it was when this process began; restart it to use it", file);
      return false;
    }
    await(objects.put(key, Buffer.buffer(content), "application/octet-stream"));
    return true;
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
