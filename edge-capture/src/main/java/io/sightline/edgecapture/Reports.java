package io.sightline.edgecapture;

import io.sightline.records.CaptureReport;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateway how capture stands: whatever changed within a second, and everything now and
 * then, so that silence means that the agent is gone. One request at a time. Belongs to one
 * context.
 */
final class Reports {

  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

  /** What one request holds at most; the rest follows in the next. */
  private static final int MOST = 500;

  private final Vertx vertx;
  private final GatewayApi api;
  private final String agent;
  private final Timing timing;
  private final Supplier<List<CaptureReport>> current;
  private final Map<String, CaptureReport> told = new HashMap<>();
  private final Map<String, Long> toldAtNanos = new HashMap<>();
  private long timer = -1;
  private boolean stopped;
  private boolean refused;

  Reports(
      Vertx vertx,
      GatewayApi api,
      String agent,
      Timing timing,
      Supplier<List<CaptureReport>> current) {
    this.vertx = vertx;
    this.api = api;
    this.agent = agent;
    this.timing = timing;
    this.current = current;
  }

  void start() {
    again();
  }

  void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }

  private void again() {
    if (!stopped) {
      timer = vertx.setTimer(timing.reportPause().toMillis(), id -> look());
    }
  }

  private void look() {
    long now = System.nanoTime();
    List<CaptureReport> all = current.get();
    told.keySet().removeIf(stream -> all.stream().noneMatch(one -> one.stream().equals(stream)));
    List<CaptureReport> due = new ArrayList<>();
    for (CaptureReport report : all) {
      if (due.size() < MOST && isDue(report, now)) {
        due.add(report);
      }
    }
    if (due.isEmpty()) {
      again();
      return;
    }
    api.report(agent, due)
        .onSuccess(
            taken -> {
              refused = false;
              for (CaptureReport report : due) {
                told.put(report.stream(), report);
                toldAtNanos.put(report.stream(), now);
              }
            })
        .onFailure(this::failed)
        .onComplete(done -> again());
  }

  private boolean isDue(CaptureReport report, long now) {
    CaptureReport before = told.get(report.stream());
    return !report.saysTheSameAs(before)
        || now - toldAtNanos.get(report.stream()) >= timing.reportEvery().toNanos();
  }

  /** That the gateway is away is said by those who need it more. */
  private void failed(Throwable failure) {
    boolean answered =
        failure instanceof GatewayException known && known.status() != GatewayException.NO_ANSWER;
    if (answered && !refused) {
      LOG.warn("The gateway does not take reports: {}", Sentences.of(failure));
    }
    refused |= answered;
  }
}
