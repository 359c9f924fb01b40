package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.access.Access;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.CaptureReport;
import io.sightline.records.Json;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes what agents report of their streams, keeps the last of each, and says when there is
 * something new to show. On one event loop.
 */
public final class CaptureReports {

  /** Of one request. */
  public static final int MAX_BODY_BYTES = 1 << 20;

  private static final int MAX_REPORTS = 1_000;

  private final StreamCatalog catalog;
  private final Records<CaptureReport> kept;
  private final Clock clock;
  private final Consumer<String> changed;
  private final Map<String, CaptureReport> last = new HashMap<>();

  /**
   * @param changed told the name of a stream of which something new is known
   */
  public CaptureReports(
      StreamCatalog catalog, RecordStore store, Clock clock, Consumer<String> changed) {
    this.catalog = catalog;
    this.kept = Records.of(store, CaptureReport.class);
    this.clock = clock;
    this.changed = changed;
    catalog.watch(() -> last.keySet().removeIf(stream -> catalog.find(stream).isEmpty()));
  }

  /** Handles a request with its whole body. */
  public void take(RoutingContext context) {
    Caller caller = Access.caller(context);
    String agent = Assignments.agent(context);
    long now = Positions.of(clock.instant());
    List<Future<Void>> writes = new ArrayList<>();
    for (CaptureReport report : reports(context.body().buffer())) {
      if (!report.agent().equals(agent)) {
        throw Problem.of(
            400, "The agent '" + agent + "' does not report for '" + report.agent() + "'.");
      }
      caller.requireStream(report.stream());
      // A stream that was given to another agent a moment ago is not worth a refusal.
      boolean assigned =
          catalog
              .find(report.stream())
              .filter(entry -> entry.spec().agent().equals(agent))
              .isPresent();
      if (assigned) {
        writes.add(keep(report.heard(now)));
      }
    }
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("taken", writes.size());
    Answers.json(context, 200, Future.all(writes), written -> answer);
  }

  private Future<Void> keep(CaptureReport report) {
    return kept.put(StoreKeys.CAPTURE, report.stream(), report, null)
        .onSuccess(
            written -> {
              CaptureReport before = last.put(report.stream(), report);
              if (!report.saysTheSameAs(before)) {
                changed.accept(report.stream());
              }
            });
  }

  private static List<CaptureReport> reports(Buffer body) {
    List<CaptureReport> reports;
    try {
      byte[] json = body == null ? new byte[0] : body.getBytes();
      reports = Json.decode(json, AgentReports.class).reports();
    } catch (MalformedRecordException e) {
      throw Problem.of(400, "These are no reports of an agent: " + e.getMessage() + ".");
    }
    if (reports.size() > MAX_REPORTS) {
      throw Problem.of(
          400, "One request takes " + MAX_REPORTS + " reports, not " + reports.size() + ".");
    }
    return reports;
  }

  /** The body of a request. */
  record AgentReports(List<CaptureReport> reports) {

    AgentReports {
      reports = reports == null ? List.of() : List.copyOf(reports);
    }
  }
}
