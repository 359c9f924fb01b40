package io.sightline.replay;

import io.sightline.bus.InRecord;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.records.Json;
import io.sightline.records.ReplayRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes requests, and keeps those that are not complete: whoever owns a partition after a kill goes
 * on with them.
 */
final class ReplayStage implements Stage {

  private final OpenReplays open;

  ReplayStage(OpenReplays open) {
    this.open = open;
  }

  /** What of a partition survives a kill. */
  record Saved(List<ReplayRequest> requests) {}

  @Override
  public StagePartition open(int partition, byte[] state) {
    Map<String, ReplayRequest> requests = new TreeMap<>();
    if (state.length > 0) {
      Json.decode(state, Saved.class)
          .requests()
          .forEach(request -> requests.put(request.replay(), request));
    }
    requests.values().forEach(open::resume);
    return new Partition(requests);
  }

  private final class Partition implements StagePartition {

    private final Map<String, ReplayRequest> requests;

    Partition(Map<String, ReplayRequest> requests) {
      this.requests = requests;
    }

    @Override
    public Future<Void> process(InRecord record) {
      ReplayRequest request = record.as(ReplayRequest.class);
      ReplayRequest held = requests.get(request.replay());
      if (held != null && held.revision() > request.revision()) {
        return Future.succeededFuture();
      }
      requests.put(request.replay(), request);
      return switch (request.kind()) {
        case CREATE, CHANGE -> open.begin(request);
        case CANCEL -> open.cancel(request);
        case DELETE -> open.delete(request);
      };
    }

    @Override
    public byte[] state() {
      requests.values().removeIf(request -> !open.holds(request.replay()));
      return Json.encode(new Saved(new ArrayList<>(requests.values())));
    }

    @Override
    public void close() {
      requests.keySet().forEach(open::forget);
    }
  }
}
