package io.sightline.clipper.mediaconvert;

import io.sightline.bus.BusException;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.clipper.ClipFolder;
import io.sightline.media.MediaException;
import io.sightline.records.JobEstimate;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has whole replays encoded, each on a thread of its own that mostly waits. The record of a job is
 * stored before anything is done for it, and says after a kill what is still to be done. Blocking;
 * what is asked comes one after another, from one thread.
 */
final class ReplayJobs {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayJobs.class);

  private static final long TIMEOUT_SECONDS = 120;
  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int MAX_DOUBLINGS = 6;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final Records<ReplayJob> jobs;
  private final Records<Replay> replays;
  private final Writer writer;
  private final MediaConvert mediaConvert;
  private final Executor threads;

  // Guarded by this.
  private final Map<String, Making> making = new TreeMap<>();

  /**
   * @param mediaConvert in use for as long as this is
   * @param threads as many as jobs are in the making at once
   */
  ReplayJobs(
      Vertx vertx,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      MediaConvert mediaConvert,
      Executor threads) {
    this.vertx = vertx;
    this.objects = objects;
    this.jobs = Records.of(records, ReplayJob.class);
    this.replays = Records.of(records, Replay.class);
    this.writer = writer;
    this.mediaConvert = mediaConvert;
    this.threads = threads;
  }

  /**
   * Begins a job, unless there is one of that version that has not failed.
   *
   * @throws TransientException when storage or Kafka may take it later
   */
  void begin(ReplayJobRequest request) {
    String id = request.replay();
    try {
      ReplayJob held = await(jobs.find(StoreKeys.REPLAY_JOBS, id)).orElse(null);
      if (held != null && held.askedMicros() == request.atMicros()) {
        // Once more, after a kill: whatever was left to do is done.
        start(id);
        return;
      }
      Optional<Replay> replay = replay(id);
      if (replay.isEmpty() || !isOf(replay.get(), request.version()) || !isNew(request, held)) {
        LOG.debug("{}: version {} is not to be encoded any more", id, request.version());
        return;
      }
      if (held != null) {
        end(held);
      }
      List<String> streams = replay.get().selection().streams();
      int revision = held == null ? 1 : stored(held).revision() + 1;
      tell(ReplayJob.asked(request, streams, revision));
      start(id);
    } catch (StorageException | IOException | TimeoutException e) {
      throw later(id, e);
    }
  }

  private static boolean isNew(ReplayJobRequest request, ReplayJob held) {
    if (held == null || held.version() < request.version()) {
      return true;
    }
    boolean ended = held.state() == MediaState.FAILED || held.state() == MediaState.CANCELLED;
    return held.version() == request.version() && held.askedMicros() < request.atMicros() && ended;
  }

  /**
   * Ends a job and deletes what it has made.
   *
   * @throws TransientException as above
   */
  void cancel(ReplayJobRequest request) {
    String id = request.replay();
    try {
      Optional<ReplayJob> held = await(jobs.find(StoreKeys.REPLAY_JOBS, id));
      if (held.isEmpty()
          || held.get().askedMicros() != request.atMicros()
          || held.get().state() == MediaState.CANCELLED) {
        return;
      }
      end(held.get());
      ReplayJob last = stored(held.get());
      tell(last.ended(MediaState.CANCELLED, null));
    } catch (StorageException | IOException | TimeoutException e) {
      throw later(id, e);
    }
  }

  /**
   * A replay may have become another one, or have gone: then nothing stays of its job.
   *
   * @throws TransientException as above
   */
  void changed(String id) {
    try {
      Optional<ReplayJob> held = await(jobs.find(StoreKeys.REPLAY_JOBS, id));
      // Asked for anew: what is announced may be older than what the job is of.
      if (held.isPresent() && !isStill(replay(id), held.get())) {
        end(held.get());
        remove(stored(held.get()));
      }
    } catch (StorageException | IOException | TimeoutException e) {
      throw later(id, e);
    }
  }

  /** Goes on with the job of a replay, if there is anything left to do; does not block. */
  void start(String replay) {
    Making one;
    synchronized (this) {
      if (making.containsKey(replay)) {
        return;
      }
      one = new Making(replay);
      making.put(replay, one);
    }
    threads.execute(one);
  }

  /** Whether something is left to do for a replay. */
  synchronized boolean holds(String replay) {
    return making.containsKey(replay);
  }

  /** Others go on with these; does not block. */
  synchronized void handOver(Collection<String> ids) {
    for (String id : ids) {
      Making one = making.remove(id);
      if (one != null) {
        one.stop.handedOver();
      }
    }
  }

  private void end(ReplayJob job) throws IOException, TimeoutException {
    Making one;
    synchronized (this) {
      one = making.get(job.replay());
      if (one != null) {
        one.stop.unwanted();
        if (!one.begun) {
          making.remove(job.replay());
          one = null;
        }
      }
    }
    if (one != null) {
      one.awaitEnd();
    }
    run(job, new Stop()).forget();
  }

  private ReplayRun run(ReplayJob job, Stop stop) {
    ClipFolder folder = ClipFolder.at(vertx, objects, job.folder(), stop::isStopped);
    return new ReplayRun(job, folder, mediaConvert, stop);
  }

  private Optional<Replay> replay(String id) throws TimeoutException {
    return await(replays.find(StoreKeys.REPLAYS, id));
  }

  /** Also one on which work was ended: what was made of it stays as it is. */
  private static boolean isOf(Replay replay, int version) {
    boolean plays = replay.state() == MediaState.READY || replay.state() == MediaState.CANCELLED;
    return plays && replay.version() == version && replay.complete() && replay.indexKey() != null;
  }

  private static boolean isStill(Optional<Replay> replay, ReplayJob job) {
    return replay.isPresent() && isOf(replay.get(), job.version());
  }

  /** As it is stored by now; the same when it is not stored. */
  private ReplayJob stored(ReplayJob job) throws TimeoutException {
    return await(jobs.find(StoreKeys.REPLAY_JOBS, job.replay())).orElse(job);
  }

  private void tell(ReplayJob job) throws TimeoutException {
    await(jobs.putNewer(StoreKeys.REPLAY_JOBS, job.replay(), job, ReplayJob::revision, null));
    await(writer.write(OutRecord.of(Topic.REPLAY_JOBS, job.replay(), job)));
  }

  private void remove(ReplayJob job) throws TimeoutException {
    await(jobs.delete(StoreKeys.REPLAY_JOBS, job.replay()));
    ReplayJob gone = job.ended(MediaState.GONE, null);
    await(writer.write(OutRecord.of(Topic.REPLAY_JOBS, job.replay(), gone)));
  }

  private static TransientException later(String replay, Exception cause) {
    return new TransientException(
        "The job of the replay " + replay + " cannot be stored or ended now", cause);
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** One job in the making. */
  private final class Making implements Runnable {

    private final String replay;
    private final Stop stop = new Stop();
    private final CountDownLatch ended = new CountDownLatch(1);
    private ReplayJob job;
    private long notedNanos;

    /** Guarded by the jobs. */
    private boolean begun;

    Making(String replay) {
      this.replay = replay;
    }

    void awaitEnd() throws TimeoutException {
      try {
        if (!ended.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          throw new TimeoutException("The job of the replay " + replay + " does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TimeoutException("Interrupted");
      }
    }

    @Override
    public void run() {
      synchronized (ReplayJobs.this) {
        begun = true;
      }
      try {
        for (int failures = 0; !done(failures); failures++) {
          stop.pause(FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS)));
        }
      } catch (CancellationException e) {
        LOG.debug("{}: {}", replay, e.getMessage());
      } finally {
        synchronized (ReplayJobs.this) {
          making.remove(replay, this);
        }
        ended.countDown();
      }
    }

    /** Whether nothing is left to do; otherwise it is tried again. */
    private boolean done(int failures) {
      try {
        stop.check();
        job = await(jobs.find(StoreKeys.REPLAY_JOBS, replay)).orElse(null);
        if (job != null && job.state() == MediaState.PENDING) {
          encode();
        }
        if (job != null) {
          finish();
        }
        return true;
      } catch (StorageException | BusException | IOException | TimeoutException e) {
        stop.check();
        if (failures == 0) {
          LOG.warn("The job of the replay {} is gone on with later: {}", replay, e.getMessage());
        }
        return false;
      }
    }

    private void encode() throws IOException, TimeoutException {
      Optional<Replay> shown = replay(replay);
      ReplayRun run = ReplayJobs.this.run(job, stop);
      if (isStill(shown, job)) {
        try {
          run.make(shown.get(), this::watch);
          settle(run.ready(job));
        } catch (MediaException e) {
          LOG.warn("The replay {} cannot be encoded: {}", replay, e.getMessage());
          settle(job.ended(MediaState.FAILED, e.getMessage()));
        } catch (CancellationException | StorageException | BusException e) {
          throw e;
        } catch (RuntimeException e) {
          LOG.error("The replay {} cannot be encoded", replay, e);
          String why = ServiceFailures.line(e.getMessage());
          settle(job.ended(MediaState.FAILED, "Something unexpected ended the job: " + why));
        }
      }
    }

    /** Leaves what there is to be, and nothing else. */
    private void finish() throws IOException, TimeoutException {
      ReplayRun run = ReplayJobs.this.run(job, stop);
      if (!isStill(replay(replay), job)) {
        run.forget();
        stop.check();
        remove(job);
        return;
      }
      if (job.state() == MediaState.READY) {
        run.tidy();
      } else {
        run.forget();
      }
      // Also of one that was stored before: its maker may have been killed before it said so.
      await(writer.write(OutRecord.of(Topic.REPLAY_JOBS, replay, job)));
    }

    private void watch(String doing, double fraction, JobEstimate estimate, List<String> known) {
      int percent = (int) Math.round(100 * Math.min(1, Math.max(0, fraction)));
      boolean further = !doing.equals(job.doing()) || !known.equals(job.jobs());
      boolean due = System.nanoTime() - notedNanos >= BETWEEN_NOTES.toNanos();
      if (!further && (percent == job.percent() || !due)) {
        return;
      }
      notedNanos = System.nanoTime();
      ReplayJob next = job.at(doing, percent, estimate, known);
      try {
        settle(next);
      } catch (StorageException | BusException | TimeoutException e) {
        LOG.debug("How far the replay {} is was not noted: {}", replay, e.getMessage());
      }
    }

    private void settle(ReplayJob next) throws TimeoutException {
      stop.check();
      tell(next);
      job = next;
    }
  }
}
