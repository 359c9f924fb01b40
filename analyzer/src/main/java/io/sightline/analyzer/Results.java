package io.sightline.analyzer;

import io.sightline.bus.BusException;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.records.AudioDetections;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores what was found, then publishes it: whoever reads of it on the topic finds it in the store.
 * Failures that may pass are {@link TransientException}. Safe for use by any thread.
 */
final class Results {

  /** Some room below the store's bound, for what JSON adds elsewhere. */
  private static final int MAX_VALUE_BYTES = RecordStore.MAX_VALUE_BYTES - 1_024;

  /** The header of a record that failed before and was sent again: readers take it out of order. */
  static final String RETRIED = "retried";

  private final ObjectStore objects;
  private final RecordStore records;
  private final Writer writer;

  Results(ObjectStore objects, RecordStore records, Writer writer) {
    this.objects = objects;
    this.records = records;
    this.writer = writer;
  }

  /**
   * @param picture to be kept, or null
   * @return what was stored, with the picture's key, or with an error in place of what is too large
   */
  Future<FrameDetections> store(FrameDetections found, byte[] picture) {
    FrameDetections fitting = fitting(found);
    FrameDetections value =
        picture == null
            ? fitting
            : withPicture(fitting, Ids.frameKey(found.stream(), found.positionMicros()));
    Future<Void> kept =
        picture == null
            ? Future.succeededFuture()
            : objects.put(value.pictureKey(), Buffer.buffer(picture), "image/jpeg");
    return kept.compose(
            stored ->
                records.put(
                    StoreKeys.frames(value.stream()),
                    StoreKeys.sort(value.positionMicros(), value.run()),
                    Json.encode(value),
                    null))
        .map(value)
        .recover(Results::failure);
  }

  Future<AudioDetections> store(AudioDetections found) {
    AudioDetections value = fitting(found);
    return records
        .put(
            StoreKeys.sounds(value.stream()),
            StoreKeys.sort(value.positionMicros(), value.run()),
            Json.encode(value),
            null)
        .map(value)
        .recover(Results::failure);
  }

  Future<Void> store(StageProgress progress) {
    return records
        .put(
            StoreKeys.progress(progress.stream()),
            RunProgress.sortOf(progress.run()),
            Json.encode(progress),
            null)
        .<Void>mapEmpty()
        .recover(Results::failure);
  }

  /**
   * Hands over to the topic of detections; calls in order are written in order.
   *
   * @return completes when the next may be handed over; fails when this one was not taken
   */
  Future<Handed> publish(StreamItem item) {
    OutRecord out = out(item);
    Future<Void> room = writer.full() ? writer.drained() : Future.succeededFuture();
    return room.compose(
        free -> {
          Future<Void> written = writer.write(out).recover(Results::failure);
          return written.failed()
              ? Future.failedFuture(written.cause())
              : Future.succeededFuture(new Handed(written));
        });
  }

  /**
   * @param written completes when Kafka holds it
   */
  record Handed(Future<Void> written) {}

  private static OutRecord out(StreamItem item) {
    OutRecord out = OutRecord.of(Topic.DETECTIONS, item);
    boolean late =
        item instanceof FrameDetections frame && frame.late()
            || item instanceof AudioDetections sound && sound.late();
    if (!late) {
      return out;
    }
    Map<String, byte[]> headers = new HashMap<>(out.headers());
    headers.put(RETRIED, new byte[] {'1'});
    return new OutRecord(out.topic(), out.key(), out.value(), headers);
  }

  private static FrameDetections fitting(FrameDetections found) {
    if (Json.encode(found).length <= MAX_VALUE_BYTES) {
      return found;
    }
    return new FrameDetections(
        found.stream(),
        found.epoch(),
        found.run(),
        found.sequence(),
        found.positionMicros(),
        found.capturedMicros(),
        found.width(),
        found.height(),
        List.of(),
        null,
        tooMany(found.detections().size()),
        found.late(),
        found.turned());
  }

  private static AudioDetections fitting(AudioDetections found) {
    if (Json.encode(found).length <= MAX_VALUE_BYTES) {
      return found;
    }
    return new AudioDetections(
        found.stream(),
        found.epoch(),
        found.run(),
        found.sequence(),
        found.positionMicros(),
        found.durationMicros(),
        found.capturedMicros(),
        List.of(),
        tooMany(found.detections().size()),
        found.late());
  }

  private static String tooMany(int count) {
    return "The analyzers gave " + count + " detections, more than one record can hold";
  }

  private static FrameDetections withPicture(FrameDetections found, String key) {
    return new FrameDetections(
        found.stream(),
        found.epoch(),
        found.run(),
        found.sequence(),
        found.positionMicros(),
        found.capturedMicros(),
        found.width(),
        found.height(),
        found.detections(),
        key,
        found.error(),
        found.late(),
        found.turned());
  }

  static <T> Future<T> failure(Throwable e) {
    boolean mayPass =
        e instanceof StorageException storage
                && storage.reason() == StorageException.Reason.UNAVAILABLE
            || e instanceof BusException bus
                && (bus.reason() == BusException.Reason.UNREACHABLE
                    || bus.reason() == BusException.Reason.FULL
                    || bus.reason() == BusException.Reason.CLOSED);
    return Future.failedFuture(mayPass ? new TransientException(e.getMessage(), e) : e);
  }
}
