package io.sightline.clipper;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.media.MediaException;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one clip of a segment about: what it is made of is pinned, the maker stores its media,
 * then the clip's record is stored, then it is announced. Doing it again stores the same under the
 * same keys and changes nothing. Blocking; several at once on different threads.
 */
final class ClipWork {

  private static final Logger LOG = LoggerFactory.getLogger(ClipWork.class);

  private static final long TIMEOUT_SECONDS = 120;

  private final RecordStore records;
  private final Records<Clip> clips;
  private final PinnedChunks chunks;
  private final Writer writer;
  private final Clock clock;
  private final ClipperConfig config;
  private final ClipMaker maker;

  ClipWork(RecordStore records, Writer writer, ClipperConfig config, ClipMaker maker) {
    this.records = records;
    this.clips = Records.of(records, Clip.class);
    this.clock = Clock.systemUTC();
    this.chunks = new PinnedChunks(records, clock);
    this.writer = writer;
    this.config = config;
    this.maker = maker;
  }

  /**
   * Makes, stores and announces a clip.
   *
   * @param mayTakeLong false where others wait for it
   * @param wanted whether anybody still wants it; may throw {@link TransientException}
   * @return fails with {@link TransientException} when storage, Kafka or the maker may take it
   *     later, with {@link CancellationException} when nobody wants it any more, with {@link
   *     TakesLongException} when it takes long and may not
   */
  Future<Void> clip(WantedClip clip, boolean mayTakeLong, BooleanSupplier wanted) {
    String id = clip.id();
    try {
      String partition = StoreKeys.clips(clip.segment().stream());
      Optional<Clip> done = await(clips.find(partition, sort(id)));
      if (done.isPresent()) {
        return announce(done.get());
      }
      List<ChunkInfo> recorded = chunks.hold(clip);
      ClipOrder order = new ClipOrder(clip, clip.from(recorded), mayTakeLong);
      if (order.chunks().isEmpty()) {
        chunks.release(clip, recorded);
        return announce(store(failed(clip, "Nothing was recorded between the marks")));
      }
      if (!wanted.getAsBoolean()) {
        chunks.release(clip, recorded);
        return Future.failedFuture(new CancellationException(id + " is not wanted any more"));
      }
      ProgressNote note = ProgressNote.ofClip(records, clip.segment().stream(), id, clock);
      return make(order, note)
          .transform(made -> settle(order, recorded, made))
          .onComplete(settled -> note.end());
    } catch (StorageException | TimeoutException e) {
      return Future.failedFuture(later(id, e));
    }
  }

  private Future<ClipMedia> make(ClipOrder order, Progress progress) {
    try {
      return maker.make(order, progress);
    } catch (RuntimeException | Error e) {
      return Future.failedFuture(e);
    }
  }

  /** Ends the making of a clip of a segment that has changed or is none any more. */
  Future<Void> cancel(WantedClip clip) {
    return maker.cancel(clip.id());
  }

  private Future<Void> settle(
      ClipOrder order, List<ChunkInfo> recorded, AsyncResult<ClipMedia> made) {
    try {
      if (made.succeeded()) {
        Clip clip = store(clip(order.clip(), MediaState.READY, made.result(), null));
        if (!made.result().refersToChunks()) {
          chunks.release(order.clip(), recorded);
        }
        return announce(clip);
      }
      Throwable problem = made.cause();
      if (problem instanceof IOException || problem instanceof StorageException) {
        return Future.failedFuture(later(order.id(), problem));
      }
      if (problem instanceof TakesLongException || problem instanceof TransientException) {
        return Future.failedFuture(problem);
      }
      chunks.release(order.clip(), recorded);
      if (problem instanceof CancellationException) {
        return Future.failedFuture(problem);
      }
      return announce(store(failed(order.clip(), reason(order.id(), problem))));
    } catch (StorageException | TimeoutException e) {
      return Future.failedFuture(later(order.id(), e));
    }
  }

  private static String reason(String id, Throwable problem) {
    if (problem instanceof MediaException) {
      LOG.warn("The clip {} cannot be made: {}", id, problem.getMessage());
      return problem.getMessage();
    }
    LOG.error("The clip {} cannot be made", id, problem);
    return "It cannot be made: " + problem;
  }

  private Clip store(Clip clip) throws TimeoutException {
    await(
        clips.putNewer(
            StoreKeys.clips(clip.stream()), sort(clip.id()), clip, Clip::revision, null));
    return clip;
  }

  private Future<Void> announce(Clip clip) throws TimeoutException {
    await(writer.write(OutRecord.of(Topic.CLIPS, clip.stream(), clip)));
    return Future.succeededFuture();
  }

  private Clip failed(WantedClip wanted, String error) {
    ClipMedia none =
        new ClipMedia(
            wanted.markInMicros(),
            wanted.markOutMicros(),
            0,
            List.of(),
            null,
            null,
            null,
            null,
            false);
    return clip(wanted, MediaState.FAILED, none, error);
  }

  private Clip clip(WantedClip wanted, MediaState state, ClipMedia media, String error) {
    Segment segment = wanted.segment();
    return new Clip(
        wanted.id(),
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.label(),
        wanted.variant(),
        wanted.audioTrack(),
        WantedClip.RENDITION,
        wanted.segmentRevision(),
        state,
        wanted.markInMicros(),
        wanted.markOutMicros(),
        media.startMicros(),
        media.endMicros(),
        media.durationMicros(),
        config.accuracy().toString(),
        media.note(),
        media.gaps(),
        media.indexKey(),
        media.mp4Key(),
        media.thumbnailKey(),
        error,
        Positions.of(clock.instant()),
        1);
  }

  private static TransientException later(String id, Throwable cause) {
    return new TransientException("The clip " + id + " cannot be made or stored now", cause);
  }

  private static String sort(String id) {
    return StoreKeys.sortOf(id);
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
