package io.sightline.clipper.mediaconvert;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.records.Json;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJobRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes what is asked of the jobs of replays, and what becomes of the replays, and keeps which jobs
 * are in the making: whoever owns a partition after a kill goes on with them.
 */
final class ReplayJobStage implements Stage {

  private final ReplayJobs jobs;
  private final Executor desk;

  /**
   * @param desk one plain thread
   */
  ReplayJobStage(ReplayJobs jobs, Executor desk) {
    this.jobs = jobs;
    this.desk = desk;
  }

  /**
   * What of a partition survives a kill.
   *
   * @param making ids of replays
   */
  record Saved(List<String> making) {}

  @Override
  public StagePartition open(int partition, byte[] state) {
    Set<String> making = ConcurrentHashMap.newKeySet();
    if (state.length > 0) {
      making.addAll(Json.decode(state, Saved.class).making());
    }
    making.forEach(jobs::start);
    return new Partition(making);
  }

  private final class Partition implements StagePartition {

    private final Set<String> making;

    Partition(Set<String> making) {
      this.making = making;
    }

    @Override
    public Future<Void> process(InRecord record) {
      if (record.topic() == Topic.REPLAYS) {
        Replay replay = record.as(Replay.class);
        return atTheDesk(() -> jobs.changed(replay.id()));
      }
      ReplayJobRequest request = record.as(ReplayJobRequest.class);
      making.add(request.replay());
      return switch (request.kind()) {
        case MAKE -> atTheDesk(() -> jobs.begin(request));
        case CANCEL -> atTheDesk(() -> jobs.cancel(request));
      };
    }

    private Future<Void> atTheDesk(Runnable work) {
      Promise<Void> done = Promise.promise();
      try {
        desk.execute(
            () -> {
              try {
                work.run();
                done.complete();
              } catch (RuntimeException | Error e) {
                done.fail(e);
              }
            });
      } catch (RejectedExecutionException e) {
        done.fail(new TransientException("This stage stops", e));
      }
      return done.future();
    }

    @Override
    public byte[] state() {
      making.removeIf(replay -> !jobs.holds(replay));
      return Json.encode(new Saved(making.stream().sorted().toList()));
    }

    @Override
    public void close() {
      jobs.handOver(making);
    }
  }
}
