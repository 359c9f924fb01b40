package io.sightline.analyzer;

import io.sightline.records.ChunkInfo;
import io.sightline.records.FrameDetections;
import io.sightline.records.FrameInfo;
import io.sightline.records.KeepFrames;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Sound;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * The work on one lane of one run of a stream: frames or chunks through the profile's analyzers,
 * side by side where they allow it, out in order. Methods are called on the reader's thread.
 */
final class LaneWork {

  /** What was learned of a camera outlives its epochs; another run begins with nothing. */
  private static final String LIVE = "live";

  private final Workplace place;
  private final String stream;
  private final String run;
  private final Lane lane;
  private final LaneOutput output;
  private final FramePicture.Forms forms = new FramePicture.Forms();

  private String epoch = "";
  private Profile profile;
  private boolean ended;
  private long arrivedMillis;
  private LaneAnalyzers analyzers;
  private List<byte[]> unopened = List.of();

  /** Whether any analyzer works on this lane, as far as is known. */
  private boolean worked = true;

  LaneWork(Workplace place, RunProgress progress, String stream, String run, Lane lane) {
    this.place = place;
    this.stream = stream;
    this.run = run;
    this.lane = lane;
    this.output = new LaneOutput(place, progress, lane);
  }

  static LaneWork restored(Workplace place, RunProgress progress, LaneState state) {
    LaneWork work = new LaneWork(place, progress, state.stream(), state.run(), state.lane());
    work.epoch = state.epoch();
    work.profile = state.profile();
    work.ended = state.ended();
    work.arrivedMillis = state.arrivedMillis();
    work.unopened = state.analyzers();
    work.worked = state.worked();
    work.output.resume(state.positionMicros(), state.items(), work.where());
    return work;
  }

  /**
   * @param late whether it failed before and was sent again: it is looked at by itself, since those
   *     who need frames in order have gone on without it
   */
  Future<Void> frame(FrameInfo info, byte[] jpeg, boolean late) {
    String refusal = refusal(info);
    Future<Outcome> outcome =
        refusal != null
            ? Future.succeededFuture(Outcome.failed(refusal))
            : seen(new FramePicture(info, jpeg, place.decoders(), forms), late);
    KeepFrames keep = profile == null ? KeepFrames.NONE : profile.keepFrames();
    Future<FrameDetections> stored =
        outcome.compose(
            found ->
                place
                    .results()
                    .store(
                        Findings.of(info, found, place.zones().of(stream), late),
                        Findings.keeps(keep, found) ? jpeg : null));
    return output.add(info, stored, where());
  }

  /**
   * @param late whether it failed before and was sent again: sound is always heard in order, so it
   *     has missed its turn
   */
  Future<Void> chunk(ChunkInfo chunk, boolean late) {
    String refusal = refusal(chunk);
    if (refusal == null && opened().all().isEmpty()) {
      return Future.succeededFuture();
    }
    Future<Outcome> outcome =
        refusal != null
            ? Future.succeededFuture(Outcome.failed(refusal))
            : late
                ? Future.succeededFuture(Outcome.failed("Too late to be heard in order"))
                : heard(chunk);
    return output.add(
        chunk,
        outcome.compose(found -> place.results().store(Findings.of(chunk, found, late))),
        where());
  }

  Future<Void> marker(Marker marker) {
    switch (marker.kind()) {
      case EPOCH_BEGIN -> begin(marker);
      case PROFILE -> change(marker.profile());
      case EPOCH_END, LOST -> ended |= marker.epoch().equals(epoch);
      case STALLED -> {}
    }
    List<Future<Outcome>> told = new ArrayList<>();
    if (profile != null) {
      for (RunningAnalyzer analyzer : opened().all()) {
        if (analyzer.inOrder() || lane == Lane.CHUNKS) {
          told.add(analyzer.marker(marker));
        }
      }
    }
    if (ended && !run.equals(LIVE)) {
      replace(null);
    }
    return output.add(marker, all(told).map(marker.on(lane)), where());
  }

  /** When the newest item was written to its topic, by the writer's clock. */
  void arrived(long timestampMillis) {
    arrivedMillis = Math.max(arrivedMillis, timestampMillis);
  }

  long arrivedMillis() {
    return arrivedMillis;
  }

  /** Whether it ended, or never began. */
  boolean idle() {
    return ended || profile == null;
  }

  boolean begun() {
    return profile != null;
  }

  /** When nothing is in flight, and only once it has begun. */
  LaneState state() {
    return new LaneState(
        stream,
        run,
        lane,
        epoch,
        profile,
        ended,
        worked,
        output.positionMicros(),
        output.items(),
        arrivedMillis,
        analyzers == null ? unopened : analyzers.states());
  }

  void close() {
    replace(null);
  }

  private void begin(Marker marker) {
    epoch = marker.epoch();
    ended = false;
    output.begin();
    if (run.equals(LIVE) && profile != null) {
      change(marker.profile());
    } else {
      replace(null);
      unopened = List.of();
      profile = marker.profile();
    }
  }

  private void change(Profile next) {
    if (profile != null && !next.equals(profile)) {
      replace(opened().changedTo(next));
    }
    profile = next;
  }

  /** Those that do not go on are closed once they have done what they were given. */
  private void replace(LaneAnalyzers next) {
    if (analyzers != null) {
      analyzers.retire(next);
    }
    analyzers = next;
    worked = next == null ? worked : !next.all().isEmpty();
  }

  private LaneAnalyzers opened() {
    if (analyzers == null) {
      replace(LaneAnalyzers.open(place, lane, profile, unopened));
      unopened = List.of();
    }
    return analyzers;
  }

  private RunProgress.LanePlace where() {
    return new RunProgress.LanePlace(epoch, worked, 0, 0, ended);
  }

  /** Why an item cannot be analysed at all; null when it can. */
  private String refusal(StreamItem item) {
    if (profile == null) {
      return "No profile is known for epoch " + item.epoch() + ": its begin was not read";
    }
    return item.epoch().equals(epoch)
        ? null
        : "Epoch " + item.epoch() + " is closed: " + epoch + " began after it";
  }

  private Future<Outcome> seen(FramePicture picture, boolean late) {
    List<RunningAnalyzer> looking =
        opened().all().stream().filter(analyzer -> !late || !analyzer.inOrder()).toList();
    boolean ahead =
        looking.stream().anyMatch(RunningAnalyzer::inOrder) && place.workers().tryAhead();
    Future<Void> decoded = ahead ? place.workers().run(picture::prepare) : Future.succeededFuture();
    Future<Outcome> outcome =
        all(looking.stream().map(analyzer -> analyzer.look(picture, decoded)).toList());
    return ahead ? outcome.onComplete(done -> place.workers().releaseAhead()) : outcome;
  }

  private Future<Outcome> heard(ChunkInfo chunk) {
    Future<List<Sound>> sounds = place.sounds().of(chunk);
    // A track that cannot be read is told once, not by each analyzer; a storage that is away is not
    // told at all but tried again.
    return all(opened().all().stream().map(analyzer -> analyzer.listen(sounds)).toList())
        .recover(
            e ->
                e instanceof AnalysisException
                    ? Future.succeededFuture(Outcome.failed(e.getMessage()))
                    : Results.failure(e));
  }

  private static Future<Outcome> all(List<Future<Outcome>> outcomes) {
    return outcomes.isEmpty()
        ? Future.succeededFuture(Outcome.NOTHING)
        : Future.join(outcomes)
            .map(done -> Outcome.all(outcomes.stream().map(Future::result).toList()));
  }
}
