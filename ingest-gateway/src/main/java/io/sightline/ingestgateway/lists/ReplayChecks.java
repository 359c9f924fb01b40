package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether what a request for a replay names is there, so that whoever asks hears of it, and not a
 * log. What may still come, in the future of a live stream, is not missed.
 */
final class ReplayChecks {

  private static final int EPOCHS_BACK = 100;
  private static final int ROOM_BYTES = 4096;
  private static final String LIVE = "live";

  /** Recordings whose chunks are nearer to each other go on. */
  private static final long MISSING_MICROS = Positions.MICROS_PER_SECOND;

  private static final JsonNode NONE = Json.MAPPER.createArrayNode();

  private final Records<Segment> segments;
  private final Records<EpochInfo> epochs;
  private final RecordingsView recordings;
  private final Clock clock;

  ReplayChecks(RecordStore store, RecordingsView recordings, Clock clock) {
    this.recordings = recordings;
    this.segments = Records.of(store, Segment.class);
    this.epochs = Records.of(store, EpochInfo.class);
    this.clock = clock;
  }

  /**
   * @param known segments that were named before, and need not be there any more
   * @param strict whether stretches and trims in which a second or more is missing are refused
   */
  Future<Void> check(ReplayRequest request, ReelDecisions known, boolean strict) {
    int most = RecordStore.MAX_VALUE_BYTES - ROOM_BYTES;
    if (Json.encode(request).length > most) {
      return Future.failedFuture(
          Problem.of(
              422,
              "The rules and decisions are longer than "
                  + most
                  + " bytes as JSON; name fewer segments, or make two replays."));
    }
    ReplayRules rules = request.rulesOrAll();
    requireRoomToFade(rules, request.transitionsOrNone().fade());
    List<Future<?>> checks = new ArrayList<>();
    Set<String> named = named(rules.decisions());
    named.removeAll(named(known));
    named.forEach(id -> checks.add(about("rules.decisions", segment(request.selection(), id))));
    String run = request.selection().run();
    for (int at = 0; at < rules.stretches().size(); at++) {
      ReplayRules.Stretch one = rules.stretches().get(at);
      String field = "rules.stretches[" + at + "]";
      checks.add(about(field, stretch(request.selection(), one)));
      if (strict) {
        checks.add(about(field, whole(one.stream(), run, one.startMicros(), one.endMicros())));
      }
    }
    if (strict) {
      rules
          .decisions()
          .trims()
          .forEach(
              trim ->
                  checks.add(
                      whole(
                          StoreKeys.streamOf(trim.segment()),
                          run,
                          trim.startMicros(),
                          trim.endMicros())));
    }
    return Future.all(checks).mapEmpty();
  }

  private static Future<Void> about(String field, Future<Void> check) {
    return check.recover(
        failure ->
            Future.failedFuture(failure instanceof Problem problem ? problem.at(field) : failure));
  }

  /** Of what is named by its ends it is known how long it is; what is found is what it is. */
  private static void requireRoomToFade(ReplayRules rules, Transitions.Fade fade) {
    if (fade == null) {
      return;
    }
    int longest =
        Math.max(
            fade.inMillis() == null ? 0 : fade.inMillis(),
            fade.outMillis() == null ? 0 : fade.outMillis());
    for (ReplayRules.Stretch stretch : rules.stretches()) {
      long millis = (stretch.endMicros() - stretch.startMicros()) / 1_000;
      if (longest > millis / 2) {
        throw Problem.of(
                422,
                "A fade of "
                    + longest
                    + " ms is longer than half of the stretch of '"
                    + stretch.stream()
                    + "' from "
                    + stretch.startMicros()
                    + ", which lasts "
                    + millis
                    + " ms; it may take "
                    + millis / 2
                    + " ms.")
            .at("transitions.fade");
      }
    }
  }

  /** Fails when some of it is missing, with what there is. */
  private Future<Void> whole(String stream, String run, long startMicros, long endMicros) {
    if (run.equals(LIVE) && endMicros > Positions.of(clock.instant())) {
      return Future.succeededFuture();
    }
    return recordings
        .of(stream, run, startMicros, endMicros)
        .compose(
            found -> {
              List<String> there = new ArrayList<>();
              long covered = startMicros;
              boolean whole = true;
              for (JsonNode stretch :
                  found.<JsonNode>map(node -> node.path("stretches")).orElse(NONE)) {
                long from = Math.max(startMicros, stretch.path("startMicros").asLong());
                long to = Math.min(endMicros, stretch.path("endMicros").asLong());
                whole &= from - covered < MISSING_MICROS;
                covered = Math.max(covered, to);
                there.add(from + " to " + to);
              }
              whole &= endMicros - covered < MISSING_MICROS;
              return whole
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      Problem.of(
                          422,
                          "Of '"
                              + stream
                              + "' from "
                              + startMicros
                              + " to "
                              + endMicros
                              + " some is not recorded, or not yet; there is "
                              + (there.isEmpty() ? "nothing" : String.join(", ", there))
                              + ". Without 'strict', that is shown."));
            });
  }

  private static Set<String> named(ReelDecisions decisions) {
    Set<String> named = new LinkedHashSet<>(decisions.locked());
    named.addAll(decisions.banned());
    named.addAll(decisions.order());
    decisions.trims().forEach(trim -> named.add(trim.segment()));
    return named;
  }

  private Future<Void> segment(ReplayRequest.Selection selection, String id) {
    Problem missing = Problem.of(422, "There is no segment '" + id + "' to decide of.");
    String sort;
    try {
      sort = StoreKeys.sortOf(id);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(missing);
    }
    String stream = StoreKeys.streamOf(id);
    if (!selection.streams().contains(stream)) {
      return Future.failedFuture(
          Problem.of(
              422,
              "The segment '"
                  + id
                  + "' is of none of the replay's streams "
                  + selection.streams()
                  + "; add that stream to the selection."));
    }
    return segments
        .find(StoreKeys.segments(stream), sort)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().removed()) {
                return Future.failedFuture(missing);
              }
              Segment segment = found.get();
              boolean within =
                  segment.run().equals(selection.run())
                      && (selection.fromMicros() == null
                          || segment.foundStartMicros() >= selection.fromMicros())
                      && (selection.toMicros() == null
                          || segment.foundStartMicros() < selection.toMicros());
              return within
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      Problem.of(
                          422,
                          "The segment '"
                              + id
                              + "' lies outside the replay's selection: of the run '"
                              + segment.run()
                              + "', at "
                              + segment.foundStartMicros()
                              + "; widen the selection first."));
            });
  }

  private Future<Void> stretch(ReplayRequest.Selection selection, ReplayRules.Stretch stretch) {
    boolean live = selection.run().equals(LIVE);
    if (live && stretch.endMicros() > Positions.of(clock.instant())) {
      return Future.succeededFuture();
    }
    Query before =
        new Query(
            StoreKeys.epochs(stretch.stream()),
            null,
            Ids.fixedWidth(stretch.endMicros()),
            EPOCHS_BACK,
            true);
    return epochs
        .query(before)
        .compose(
            page -> {
              EpochInfo last =
                  page.items().stream()
                      .filter(epoch -> epoch.run().equals(selection.run()))
                      .findFirst()
                      .orElse(null);
              if (last == null) {
                return Future.failedFuture(
                    outside(stretch, "no recording of the run '" + selection.run() + "' is older"));
              }
              return last.endMicros() != null && last.endMicros() <= stretch.startMicros()
                  ? Future.failedFuture(
                      outside(stretch, "the recording before it ends at " + last.endMicros()))
                  : Future.succeededFuture();
            });
  }

  private static Problem outside(ReplayRules.Stretch stretch, String why) {
    return Problem.of(
        422,
        "Nothing of '"
            + stretch.stream()
            + "' was recorded from "
            + stretch.startMicros()
            + " to "
            + stretch.endMicros()
            + ": "
            + why
            + ". What there is stands under /streams/"
            + stretch.stream()
            + "/recordings.");
  }
}
