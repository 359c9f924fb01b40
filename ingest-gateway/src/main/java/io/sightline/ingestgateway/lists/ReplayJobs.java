package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.ReplayEncoding;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Indexes;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.media.MediaException;
import io.sightline.records.JobEstimate;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Asks for the encoding of whole replays, says what it would cost, and ends it. */
final class ReplayJobs {

  private final Replays replays;
  private final Records<ReplayJob> jobs;
  private final ReplayRequests requests;
  private final Indexes indexes;
  private final Writer writer;
  private final Clock clock;
  private final ReplayEncoding encoding;

  /**
   * @param encoding null when nothing is configured that encodes replays
   */
  ReplayJobs(
      Replays replays,
      RecordStore store,
      ObjectStore objects,
      Writer writer,
      Clock clock,
      ReplayEncoding encoding) {
    this.replays = replays;
    this.jobs = Records.of(store, ReplayJob.class);
    this.requests = new ReplayRequests(store, writer);
    this.indexes = new Indexes(objects);
    this.writer = writer;
    this.clock = clock;
    this.encoding = encoding;
  }

  /** What it would cost; nothing is asked of anybody. */
  Future<ObjectNode> estimate(Caller caller, String id) {
    return whole(caller, id)
        .compose(this::estimate)
        .map(estimate -> Json.MAPPER.<ObjectNode>valueToTree(estimate));
  }

  /**
   * Completes with the job once the request is durable; with the one that there is when the same
   * version was asked for before.
   */
  Future<ObjectNode> ask(Caller caller, String id, Views views) {
    return whole(caller, id)
        .compose(
            replay ->
                Future.all(estimate(replay), find(id))
                    .compose(
                        read -> {
                          Optional<ReplayJob> held = read.resultAt(1);
                          return held.filter(job -> isThatOf(replay, job)).isPresent()
                              ? Future.succeededFuture(held.get())
                              : send(caller, replay, held.orElse(null));
                        }))
        .map(views::replayJob);
  }

  private static boolean isThatOf(Replay replay, ReplayJob job) {
    return job.version() == replay.version()
        && (job.state() == MediaState.PENDING || job.state() == MediaState.READY);
  }

  private Future<ReplayJob> send(Caller caller, Replay replay, ReplayJob held) {
    long now = Positions.of(clock.instant());
    ReplayJobRequest request =
        new ReplayJobRequest(
            replay.id(),
            replay.version(),
            ReplayJobRequest.Kind.MAKE,
            caller.name(),
            // By whichever clock: after the one before.
            held == null ? now : Math.max(now, held.askedMicros() + 1));
    return writer
        .write(OutRecord.of(Topic.REPLAY_JOB_REQUESTS, replay.id(), request))
        .map(v -> ReplayJob.asked(request, replay.selection().streams(), 0));
  }

  /** Asks that the job end; completes with it as it is until then. */
  Future<ObjectNode> cancel(Caller caller, String id, Views views) {
    return replays
        .find(caller, id)
        .compose(replay -> find(id))
        .compose(
            held -> {
              if (held.isEmpty()) {
                return Future.failedFuture(
                    Problem.notFound("The replay '" + id + "' is not being encoded."));
              }
              ReplayJob job = held.get();
              ReplayJobRequest request =
                  new ReplayJobRequest(
                      id,
                      job.version(),
                      ReplayJobRequest.Kind.CANCEL,
                      caller.name(),
                      job.askedMicros());
              return writer
                  .write(OutRecord.of(Topic.REPLAY_JOB_REQUESTS, id, request))
                  .map(v -> views.replayJob(job));
            });
  }

  private Future<Optional<ReplayJob>> find(String id) {
    return jobs.find(StoreKeys.REPLAY_JOBS, id);
  }

  private Future<JobEstimate> estimate(Replay replay) {
    return indexes
        .get(replay.indexKey())
        .compose(
            reel -> {
              try {
                return Future.succeededFuture(encoding.estimate(reel));
              } catch (MediaException e) {
                return Future.failedFuture(Problem.of(422, e.getMessage() + "."));
              }
            });
  }

  /** A replay that will not change by itself; fails with {@link Problem} 409 when it may. */
  private Future<Replay> whole(Caller caller, String id) {
    return Future.all(replays.find(caller, id), requests.of(id))
        .compose(
            read -> {
              Replay replay = read.resultAt(0);
              List<ReplayRequest> last = read.resultAt(1);
              String not = notWhole(replay, last);
              return not == null
                  ? Future.succeededFuture(replay)
                  : Future.failedFuture(Problem.of(409, not));
            });
  }

  private String notWhole(Replay replay, List<ReplayRequest> last) {
    if (encoding == null) {
      return "Nothing that encodes whole replays is configured here: it takes 'clips.mediaconvert',"
          + " and 'storage.objects' in S3.";
    }
    if (!last.isEmpty() && last.get(0).revision() > replay.requestRevision()) {
      return "The replay is being made anew; ask again when that is done.";
    }
    if (!replay.complete()) {
      return "The replay goes on growing; it can be encoded as a whole once it is complete, or"
          + " stopped.";
    }
    return replay.indexKey() == null ? "The replay shows nothing that could be encoded." : null;
  }
}
