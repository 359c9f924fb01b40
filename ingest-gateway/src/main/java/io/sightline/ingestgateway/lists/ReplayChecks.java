package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.recordings.RecordingsView;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whether what a request for a replay names is there, so that whoever asks hears of it, and not a
 * log. What may still come, in the future of a live stream, is not missed.
 */
final class ReplayChecks {

  private static final int ROOM_BYTES = 4096;
  private static final String LIVE = "live";

  /** Recordings whose chunks are nearer to each other go on. */
  private static final long MISSING_MICROS = Positions.MICROS_PER_SECOND;

  private static final JsonNode NONE = Json.MAPPER.createArrayNode();

  private final Records<Segment> segments;
  private final RecordedAround recorded;
  private final RecordingsView recordings;
  private final Clock clock;

  ReplayChecks(RecordStore store, RecordingsView recordings, Clock clock) {
    this.recordings = recordings;
    this.segments = Records.of(store, Segment.class);
    this.recorded = new RecordedAround(store);
    this.clock = clock;
  }

  /**
   * @param order what the request follows from
   * @param before what was asked of the replay before; null when it is new. What that named need
   *     not be there any more
   */
  Future<Void> check(ReplayRequest request, ReplayOrder order, ReplayRequest before) {
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
    ReplayRules former = before == null ? ReplayRules.ALL : before.rulesOrAll();
    requireRoomToFade(rules, request.transitionsOrNone().fade());
    List<Future<?>> checks = new ArrayList<>();
    Set<String> named = named(rules.decisions());
    named.removeAll(named(former.decisions()));
    named.forEach(id -> checks.add(about("rules.decisions", segment(request.selection(), id))));
    String run = request.selection().run();
    for (int at = 0; at < rules.stretches().size(); at++) {
      ReplayRules.Stretch one = rules.stretches().get(at);
      String field = "rules.stretches[" + at + "]";
      if (!former.stretches().contains(one)) {
        checks.add(about(field, stretch(run, one)));
      }
      if (order.strict()) {
        checks.add(about(field, whole(one.stream(), run, one.startMicros(), one.endMicros())));
      }
    }
    for (ReelDecisions.Trim trim : rules.decisions().trims()) {
      String field = order.fieldOf(trim);
      if (!former.decisions().trims().contains(trim)) {
        checks.add(about(field, trim(run, trim)));
      }
      if (order.strict()) {
        String stream = StoreKeys.streamOf(trim.segment());
        checks.add(about(field, whole(stream, run, trim.startMicros(), trim.endMicros())));
      }
    }
    if (request.audioTrack() != null && !asksTheSameOfSound(request, before)) {
      checks.add(about("audioTrack", sound(request)));
    }
    return Future.all(checks).mapEmpty();
  }

  private static boolean asksTheSameOfSound(ReplayRequest request, ReplayRequest before) {
    return before != null
        && request.audioTrack().equals(before.audioTrack())
        && request.selection().equals(before.selection());
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
    if (isToCome(run, endMicros)) {
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

  private Future<Void> stretch(String run, ReplayRules.Stretch stretch) {
    String stream = stretch.stream();
    return recorded(stream, run, stretch.startMicros(), stretch.endMicros())
        .compose(
            why ->
                why.isEmpty()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Problem.of(
                            422,
                            nothing(stream, stretch.startMicros(), stretch.endMicros(), why.get())
                                + " What there is stands under /streams/"
                                + stream
                                + "/recordings.")));
  }

  /** Fails when nothing of it is recorded, with where the segment's own recording lies. */
  private Future<Void> trim(String run, ReelDecisions.Trim trim) {
    String stream = StoreKeys.streamOf(trim.segment());
    return recorded(stream, run, trim.startMicros(), trim.endMicros())
        .compose(
            why ->
                why.isEmpty()
                    ? Future.succeededFuture()
                    : bounds(stream, run, trim.segment())
                        .compose(
                            bounds ->
                                Future.failedFuture(
                                    Problem.of(
                                        422,
                                        "The segment '"
                                            + trim.segment()
                                            + "' cannot be trimmed like this. "
                                            + nothing(
                                                stream,
                                                trim.startMicros(),
                                                trim.endMicros(),
                                                why.get())
                                            + bounds))));
  }

  private Future<Optional<String>> recorded(
      String stream, String run, long startMicros, long endMicros) {
    return isToCome(run, endMicros)
        ? Future.succeededFuture(Optional.empty())
        : recorded.nothing(stream, run, startMicros, endMicros);
  }

  private boolean isToCome(String run, long endMicros) {
    return run.equals(LIVE) && endMicros > Positions.of(clock.instant());
  }

  /** The recordings in which a segment lies, as a sentence; empty when there are none. */
  private Future<String> bounds(String stream, String run, String id) {
    return segments
        .find(StoreKeys.segments(stream), StoreKeys.sortOf(id))
        .compose(
            found ->
                found.isEmpty() || found.get().open()
                    ? Future.succeededFuture(Optional.<ObjectNode>empty())
                    : recordings.of(
                        stream, run, found.get().startMicros(), found.get().endMicros()))
        .map(
            view -> {
              JsonNode stretches = view.<JsonNode>map(node -> node.path("stretches")).orElse(NONE);
              return stretches.isEmpty()
                  ? ""
                  : " It was recorded from "
                      + stretches.get(0).path("startMicros").asLong()
                      + " to "
                      + stretches.get(stretches.size() - 1).path("endMicros").asLong()
                      + ".";
            });
  }

  private static String nothing(String stream, long startMicros, long endMicros, String why) {
    return "Nothing of '"
        + stream
        + "' was recorded from "
        + startMicros
        + " to "
        + endMicros
        + ": "
        + why
        + ".";
  }

  /**
   * Fails when it is known of all recordings of the selection that they have fewer sound tracks.
   */
  private Future<Void> sound(ReplayRequest request) {
    ReplayRequest.Selection selection = request.selection();
    List<Future<OptionalInt>> asked =
        selection.streams().stream()
            .map(
                stream ->
                    recorded.soundTracks(
                        stream, selection.run(), selection.fromMicros(), selection.toMicros()))
            .toList();
    return Future.all(asked)
        .compose(
            all -> {
              List<String> there = new ArrayList<>();
              for (int at = 0; at < asked.size(); at++) {
                OptionalInt tracks = asked.get(at).result();
                if (tracks.isEmpty() || tracks.getAsInt() >= request.audioTrack()) {
                  return Future.succeededFuture();
                }
                int count = tracks.getAsInt();
                there.add(
                    "'"
                        + selection.streams().get(at)
                        + "' has "
                        + (count == 0 ? "none" : count == 1 ? "1" : "1 to " + count));
              }
              return Future.failedFuture(
                  Problem.of(
                      422,
                      "No recording of the selection has a sound track "
                          + request.audioTrack()
                          + ": "
                          + String.join(", ", there)
                          + ". With 'audioTrack' 0 all sound plays."));
            });
  }
}
