package io.sightline.segmenter;

import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the marks of segments optimized: once their run has come so far that all that may matter is
 * known, in one change of the segment. A segment whose marks a person changes is optimized anew
 * from those; one into whose optimized marks a neighbour turns out to reach, too.
 *
 * <p>What it says follows from what is stored, never from when it is asked. Its steps are done one
 * after another; between them its state may be read.
 */
final class MarkOptimization {

  private static final Logger log = LoggerFactory.getLogger(MarkOptimization.class);

  private final Optimizers plugins;
  private final MarkSources sources;
  private final SegmentLedger ledger;
  private final TreeSet<Awaited> awaited = new TreeSet<>(Awaited.IN_ORDER);

  /** Of runs that go on, as far as this owner has been told. */
  private final Map<String, Reached> reached = new HashMap<>();

  /**
   * @param awaited what {@link #awaited()} gave
   */
  MarkOptimization(
      Optimizers plugins, MarkSources sources, SegmentLedger ledger, List<Awaited> awaited) {
    this.plugins = plugins;
    this.sources = sources;
    this.ledger = ledger;
    this.awaited.addAll(awaited);
  }

  /** A run goes on after a kill. */
  void resume(Reached now) {
    reached.put(key(now.stream(), now.run()), now);
  }

  /** The segments that wait: what must survive a kill. */
  List<Awaited> awaited() {
    return List.copyOf(awaited);
  }

  /** Something was found, and is stored. */
  Future<Void> found(FoundChange change) {
    return change.optimizer() == null
        ? Future.succeededFuture()
        : changed(change.stream(), change.id(), true);
  }

  /**
   * A person changed a segment, which is stored; or changed it before, and nobody knows how far
   * that came.
   *
   * @param goesOn whether there is more to come of its run
   */
  Future<Void> edited(SegmentEdit edit, boolean goesOn) {
    return changed(edit.stream(), edit.segment(), goesOn)
        .compose(done -> sources.segment(edit.stream(), edit.segment()))
        .compose(found -> found.map(this::again).orElseGet(Future::succeededFuture));
  }

  /** A run has come further. */
  Future<Void> reached(Reached now) {
    String key = key(now.stream(), now.run());
    if (now.over()) {
      reached.remove(key);
    } else {
      reached.put(key, now);
    }
    Future<Void> done = Future.succeededFuture();
    for (Awaited one : awaited.stream().filter(waiting -> waiting.isDue(now)).toList()) {
      done = done.compose(before -> decide(one));
    }
    return done;
  }

  private Future<Void> changed(String stream, String id, boolean goesOn) {
    return sources
        .segment(stream, id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : await(found.get(), goesOn).compose(v -> heed(found.get())));
  }

  private Future<Void> await(Segment segment, boolean goesOn) {
    awaited.removeIf(one -> one.segment().equals(segment.id()));
    if (!isToCome(segment)) {
      return Future.succeededFuture();
    }
    Awaited one = Awaited.of(segment, afterMicros(segment));
    awaited.add(one);
    Reached now = reached.get(key(segment.stream(), segment.run()));
    return !goesOn || (now != null && one.isDue(now)) ? decide(one) : Future.succeededFuture();
  }

  /**
   * Neighbours that were optimized when nobody knew of this segment, or of its marks as they are.
   */
  private Future<Void> heed(Segment changed) {
    if (changed.removed()) {
      return Future.succeededFuture();
    }
    return sources
        .neighbours(changed)
        .compose(
            neighbours -> {
              Future<Void> done = Future.succeededFuture();
              for (Segment one : neighbours) {
                boolean inTheWay =
                    !one.open() && new Neighbourhood(one, List.of(changed), 0).trespasses();
                if (inTheWay) {
                  done = done.compose(v -> optimize(one));
                } else if (isDecidedAnew(one)) {
                  done = done.compose(v -> again(one));
                }
              }
              return done;
            });
  }

  private Future<Void> decide(Awaited one) {
    return sources
        .segment(one.stream(), one.segment())
        .compose(
            found ->
                found
                    .map(segment -> isToCome(segment) ? optimize(segment) : again(segment))
                    .orElseGet(Future::succeededFuture))
        .recover(
            e -> {
              if (!Steps.lasts(e)) {
                return Future.failedFuture(e);
              }
              // Else every item that comes would be held to be bad.
              log.error("The marks of {} cannot be stored and are given up", one.segment(), e);
              return Future.succeededFuture();
            })
        .onSuccess(done -> awaited.remove(one));
  }

  /** What was decided before a kill may not have been told. */
  private Future<Void> again(Segment segment) {
    return segment.optimized() == null || segment.optimized().toCome()
        ? Future.succeededFuture()
        : ledger.again(segment);
  }

  private Future<Void> optimize(Segment segment) {
    Optional<OpenOptimizer> optimizer = open(segment);
    if (optimizer.isEmpty()) {
      return ledger.optimized(segment, List.of(), "Its optimizer cannot work any more");
    }
    return sources
        .neighbours(segment)
        .compose(neighbours -> sources.around(segment, neighbours, optimizer.get()))
        .compose(
            around -> {
              List<OptimizedTrack> tracks = optimizer.get().optimize(around);
              String note =
                  tracks == null
                      ? "Its optimizer failed"
                      : tracks.isEmpty() ? "Nothing was heard around its marks" : null;
              return ledger.optimized(segment, tracks == null ? List.of() : tracks, note);
            });
  }

  private Optional<OpenOptimizer> open(Segment segment) {
    try {
      return Optional.of(OpenOptimizer.of(plugins.open(segment.optimized().optimizer())));
    } catch (RuntimeException e) {
      log.warn("The marks of {} cannot be optimized: {}", segment.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private long afterMicros(Segment segment) {
    return open(segment).map(OpenOptimizer::afterMicros).orElse(0L);
  }

  private static String key(String stream, String run) {
    return stream + "/" + run;
  }

  /** Whether its marks were decided again for the sake of a neighbour. */
  private static boolean isDecidedAnew(Segment segment) {
    OptimizedMarks marks = segment.optimized();
    return marks != null && !marks.toCome() && marks.revision() > marks.originalRevision() + 1;
  }

  private static boolean isToCome(Segment segment) {
    return !segment.removed()
        && !segment.open()
        && segment.optimized() != null
        && segment.optimized().toCome();
  }
}
