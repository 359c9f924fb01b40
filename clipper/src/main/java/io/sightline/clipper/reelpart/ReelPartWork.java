package io.sightline.clipper.reelpart;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.clipper.ClipFolder;
import io.sightline.media.cut.EncodedPart;
import io.sightline.records.HeldPart;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.RenditionRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes parts of reels: first their objects are stored, then what came of them. What is there is
 * not made again; doing it again after a kill stores the same under the same keys. Whoever deletes
 * a part, or its clip, says so first and deletes then; this stores it and looks then: at least one
 * of the two deletes all of it. Blocking.
 */
final class ReelPartWork {

  private static final Logger LOG = LoggerFactory.getLogger(ReelPartWork.class);
  private static final long TIMEOUT_SECONDS = 120;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Records<HeldPart> held;
  private final Writer writer;
  private final boolean rendered;
  private final InstantSource clock;
  private volatile boolean stopping;

  /**
   * @param rendered whether renditions of what is made are wanted
   */
  ReelPartWork(
      Vertx vertx,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      boolean rendered,
      InstantSource clock) {
    this.vertx = vertx;
    this.objects = objects;
    this.records = records;
    this.held = Records.of(records, HeldPart.class);
    this.writer = writer;
    this.rendered = rendered;
    this.clock = clock;
  }

  /** What is being made is given up within a few seconds of its media, what waits at once. */
  void stop() {
    stopping = true;
  }

  /**
   * @param stream of the clip that it is for
   * @throws TransientException when storage may take it later, or the work was stopped
   */
  void make(ReelPartOrder order, String stream) {
    try {
      if (isWanted(order) && (isThere(order.key()) || make(order))) {
        ask(order, stream);
      }
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException(
          "The part " + order.key() + " of a replay cannot be made or stored now", e);
    }
  }

  /**
   * @return whether it is there
   */
  private boolean make(ReelPartOrder order) throws IOException, TimeoutException {
    for (String named : named(order)) {
      if (!isThere(named)) {
        // It was deleted meanwhile; whoever asked chooses anew.
        return false;
      }
    }
    ClipFolder folder = ClipFolder.at(vertx, objects, ReelPart.folder(order.key()), () -> stopping);
    ReelPart part = encoded(order, folder);
    if (isThere(order.key())) {
      // Somebody else was faster; a replay may be playing what they made.
      return true;
    }
    await(objects.put(order.key(), Buffer.buffer(Json.encode(part)), "application/json"));
    if (!isWanted(order)) {
      folder.delete();
      return false;
    }
    return true;
  }

  private ReelPart encoded(ReelPartOrder order, ClipFolder folder) throws IOException {
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

  /** Objects that it is made of. */
  private static List<String> named(ReelPartOrder order) {
    return Stream.of(order.index(), picture(order.in()), picture(order.out()), order.file())
        .filter(Objects::nonNull)
        .toList();
  }

  private static String picture(ReelPartOrder.Fade fade) {
    return fade == null ? null : fade.picture();
  }

  /** Whether nobody has deleted it, or the clip that it is of. */
  private boolean isWanted(ReelPartOrder order) throws TimeoutException {
    Optional<HeldPart> part = await(held.find(StoreKeys.HELD_PARTS, HeldPart.idOf(order.key())));
    return part.isPresent()
        && part.get().holds(order.key())
        && (ReelPart.clip(order.key()) == null || isThere(order.index()));
  }

  /** Also of what was there: its maker may have been killed before it asked. */
  private void ask(ReelPartOrder order, String stream) throws TimeoutException {
    boolean plain = order.in() == null && order.out() == null && order.file() == null;
    if (rendered && !plain) {
      RenditionRequest request =
          RenditionRequest.ofPart(order.key(), stream, "replay", Positions.of(clock.instant()));
      await(writer.write(OutRecord.of(Topic.RENDITION_REQUESTS, stream, request)));
    }
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

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
