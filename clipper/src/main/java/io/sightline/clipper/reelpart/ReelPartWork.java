package io.sightline.clipper.reelpart;

import io.sightline.bus.TransientException;
import io.sightline.clipper.ClipFolder;
import io.sightline.media.cut.EncodedPart;
import io.sightline.records.Json;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes parts of reels: first their objects are stored, then what came of them. What is there is
 * not made again; doing it again after a kill stores the same under the same keys. Blocking.
 */
final class ReelPartWork {

  private static final Logger LOG = LoggerFactory.getLogger(ReelPartWork.class);
  private static final long TIMEOUT_SECONDS = 120;
  private static final String CLIPS = "clips/";

  private final Vertx vertx;
  private final ObjectStore objects;
  private final RecordStore records;
  private final InstantSource clock;
  private volatile boolean stopping;

  ReelPartWork(Vertx vertx, ObjectStore objects, RecordStore records, InstantSource clock) {
    this.vertx = vertx;
    this.objects = objects;
    this.records = records;
    this.clock = clock;
  }

  /** What is being made is given up within a few seconds of its media, what waits at once. */
  void stop() {
    stopping = true;
  }

  /**
   * @throws TransientException when storage may take it later, or the work was stopped
   */
  void make(ReelPartOrder order) {
    try {
      if (isThere(order.key())) {
        return;
      }
      if (!isThere(order.index())) {
        // Its clip was deleted meanwhile; whoever asked chooses anew.
        return;
      }
      byte[] part = Json.encode(made(order));
      if (isThere(order.key())) {
        // Somebody else was faster; a replay may be playing what they made.
        return;
      }
      put(order.key(), part, "application/json");
      if (order.key().startsWith(CLIPS) && !isThere(order.index())) {
        // Whoever deletes a clip deletes its folder: either it or this sees all that is in it.
        new ClipFolder(vertx, objects, order.key().split("/")[1]).delete();
      }
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException(
          "The part " + order.key() + " of a replay cannot be made or stored now", e);
    }
  }

  private ReelPart made(ReelPartOrder order) throws IOException {
    ClipFolder folder = new ClipFolder(vertx, objects, "", () -> stopping);
    ProgressNote note = note(order);
    try {
      ReelPart part = EncodedPart.make(order, folder.bytes(), folder::put, note);
      if (part.error() != null) {
        LOG.warn("The part {} of a replay cannot be made: {}", order.key(), part.error());
      }
      return part;
    } finally {
      note.end();
    }
  }

  /** Told of the clip that fades, or in whose form a video is brought. */
  private ProgressNote note(ReelPartOrder order) {
    String clip = order.index().split("/")[1];
    return ProgressNote.ofClip(records, StoreKeys.streamOf(clip), clip, clock);
  }

  private boolean isThere(String key) throws TimeoutException {
    try {
      await(objects.head(key));
      return true;
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void put(String key, byte[] content, String type) throws TimeoutException {
    await(objects.put(key, Buffer.buffer(content), type));
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
