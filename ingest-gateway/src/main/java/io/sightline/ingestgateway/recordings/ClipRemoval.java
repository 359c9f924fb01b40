package io.sightline.ingestgateway.recordings;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.Clip;
import io.sightline.records.ClipUse;
import io.sightline.records.Ids;
import io.sightline.records.Kept;
import io.sightline.records.MediaState;
import io.sightline.records.Pin;
import io.sightline.records.Positions;
import io.sightline.records.Rendition;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Deletes clips that nobody wants any more, with their renditions and what they pin: those of
 * segments that were removed, those that a newer cut of their segment stands in for, those that
 * were cut for replays alone, and those older than the rule of their stream, unless a person keeps
 * them. A clip that a replay shows stays.
 *
 * <p>A clip is marked first, and deleted when the next walk comes by: from the mark on nobody
 * offers it, and no replay takes it. Replays note what they take and look then, this marks and
 * looks then, so at least one of the two sees the other. What is left of a clip says for a while
 * that it is gone, so that it is not cut again when its segment comes again.
 *
 * <p>A walk over a stream goes a page at a time. Where it is stands in memory alone: another owner
 * begins anew. Not thread-safe.
 */
final class ClipRemoval {

  private static final int PAGE = 100;

  /** At least from one walk over a stream to the next; long walks rest longer. */
  private static final Duration REST = Duration.ofMinutes(1);

  private static final int REST_PER_WALK = 10;

  /** A clip that was replaced may be played for so long. */
  private static final Duration REPLACED = Duration.ofMinutes(10);

  /** A stretch that was cut for a replay is in it by then, or never. */
  private static final Duration ASKED_FOR = Duration.ofHours(1);

  /** A segment comes again only for as long as its topic keeps it. */
  private static final Duration REMEMBERED = Topic.SEGMENTS.retention().plusDays(1);

  /** No chunk is longer: the pins of a clip begin that much before it at most. */
  private static final long LONGEST_CHUNK_MICROS = 3_600 * Positions.MICROS_PER_SECOND;

  private final ObjectStore objects;
  private final RecordStore store;
  private final Records<Clip> clips;
  private final Records<Segment> segments;
  private final Records<Kept> kept;
  private final Records<Rendition> renditions;
  private final Records<Pin> pins;
  private final Records<ClipUse> uses;
  private final Writer writer;
  private final Map<String, Walk> walks = new HashMap<>();

  ClipRemoval(ObjectStore objects, RecordStore store, Writer writer) {
    this.objects = objects;
    this.store = store;
    this.clips = Records.of(store, Clip.class);
    this.segments = Records.of(store, Segment.class);
    this.kept = Records.of(store, Kept.class);
    this.renditions = Records.of(store, Rendition.class);
    this.pins = Records.of(store, Pin.class);
    this.uses = Records.of(store, ClipUse.class);
    this.writer = writer;
  }

  /** Where the walk over a stream is. */
  private static final class Walk {
    private String fromSort;
    private long begunMicros;
    private long againMicros;

    void next(String nextSort, long nowMicros) {
      fromSort = nextSort;
      if (nextSort == null) {
        long took = nowMicros - begunMicros;
        againMicros = nowMicros + Math.max(Positions.micros(REST), REST_PER_WALK * took);
      }
    }
  }

  /** What stands beside the clips of a page. */
  private record Beside(Map<String, Segment> segments, Set<String> kept, ReplayUses uses) {}

  /** Streams that are looked after elsewhere now are forgotten. */
  void retain(Collection<String> streams) {
    walks.keySet().retainAll(streams);
  }

  /**
   * Takes the next page of a stream, unless its walk rests.
   *
   * @param ageMicros by the stream's rule; {@link Long#MAX_VALUE} for ever
   * @return how many clips were deleted
   */
  Future<Integer> look(String stream, long ageMicros, long nowMicros) {
    Walk walk = walks.computeIfAbsent(stream, key -> new Walk());
    if (nowMicros < walk.againMicros) {
      return Future.succeededFuture(0);
    }
    if (walk.fromSort == null) {
      walk.begunMicros = nowMicros;
    }
    return clips
        .query(new Query(StoreKeys.clips(stream), walk.fromSort, null, PAGE, false))
        .compose(
            page -> {
              List<Clip> there = page.items().stream().filter(clip -> !hasGone(clip)).toList();
              return there.isEmpty()
                  ? Future.succeededFuture(0)
                      .onSuccess(n -> walk.next(page.raw().nextSort(), nowMicros))
                  : beside(stream, there, nowMicros)
                      .compose(beside -> each(there, beside, ageMicros, nowMicros))
                      .onSuccess(n -> walk.next(page.raw().nextSort(), nowMicros));
            });
  }

  private static boolean hasGone(Clip clip) {
    return clip.state() == MediaState.GONE && clip.indexKey() == null;
  }

  private Future<Beside> beside(String stream, List<Clip> there, long nowMicros) {
    String from = position(there.get(0));
    // Of all that begin at the last position, too: '/' is the character behind the dot.
    String to = position(there.get(there.size() - 1)) + "/";
    Future<List<Segment>> found = segments.all(StoreKeys.segments(stream), from, to);
    Future<List<Kept>> held = kept.all(StoreKeys.kept(stream), from, to);
    return Future.all(found, held)
        .map(
            read ->
                new Beside(
                    found.result().stream()
                        .collect(Collectors.toMap(Segment::id, segment -> segment)),
                    held.result().stream().map(Kept::segment).collect(Collectors.toSet()),
                    new ReplayUses(store, nowMicros)));
  }

  private static String position(Clip clip) {
    return StoreKeys.sortOf(clip.id()).substring(0, Ids.POSITION_DIGITS);
  }

  private Future<Integer> each(List<Clip> there, Beside beside, long ageMicros, long nowMicros) {
    Future<Integer> deleted = Future.succeededFuture(0);
    for (Clip clip : there) {
      deleted =
          deleted.compose(
              sum -> look(clip, beside, ageMicros, nowMicros).map(gone -> gone ? sum + 1 : sum));
    }
    return deleted;
  }

  /**
   * @return whether it was deleted
   */
  private Future<Boolean> look(Clip clip, Beside beside, long ageMicros, long nowMicros) {
    if (clip.state() == MediaState.GONE) {
      return beside
          .uses()
          .of(clip.id())
          .compose(
              shownBy ->
                  shownBy.isEmpty()
                      ? delete(clip, beside, nowMicros).map(true)
                      : change(clip.as(MediaState.READY)).map(false));
    }
    return due(clip, beside, ageMicros, nowMicros)
        .compose(
            due ->
                due
                    ? beside.uses().of(clip.id())
                    : Future.succeededFuture(List.of("it is not due")))
        .compose(
            reasons ->
                reasons.isEmpty()
                    ? change(clip.as(MediaState.GONE)).map(false)
                    : Future.succeededFuture(false));
  }

  private Future<Boolean> due(Clip clip, Beside beside, long ageMicros, long nowMicros) {
    Segment segment = beside.segments().get(clip.segment());
    if (segment == null) {
      return Future.succeededFuture(isOlder(clip, Positions.micros(ASKED_FOR), nowMicros));
    }
    if (segment.removed()) {
      return Future.succeededFuture(true);
    }
    if (isOlder(clip, ageMicros, nowMicros) && !beside.kept().contains(segment.id())) {
      return Future.succeededFuture(true);
    }
    if (clip.segmentRevision() >= segment.cutRevision(clip.variant())
        || !isOlder(clip, Positions.micros(REPLACED), nowMicros)) {
      return Future.succeededFuture(false);
    }
    return hasOtherMarks(clip, segment) ? Future.succeededFuture(true) : hasNewer(clip);
  }

  /** Whether it was cut for a sound track for which nothing is cut as it was. */
  private static boolean hasOtherMarks(Clip clip, Segment segment) {
    return !clip.original()
        && !(segment.optimized() != null && segment.optimized().toCome())
        && segment.movedTracks().stream().noneMatch(clip::shows);
  }

  private static boolean isOlder(Clip clip, long ageMicros, long nowMicros) {
    return ageMicros < Long.MAX_VALUE
        && clip.createdMicros() != null
        && clip.createdMicros() <= nowMicros - ageMicros;
  }

  private Future<Boolean> hasNewer(Clip clip) {
    // A clip's id goes on after its segment's with a dot; '/' is the character behind it.
    String prefix = StoreKeys.sortOf(clip.segment());
    return clips
        .all(StoreKeys.clips(clip.stream()), prefix + ".", prefix + "/")
        .map(
            all ->
                all.stream()
                    .anyMatch(
                        other ->
                            other.state() == MediaState.READY
                                && other.segment().equals(clip.segment())
                                && other.variant() == clip.variant()
                                && other.audioTrack() == clip.audioTrack()
                                && other.segmentRevision() > clip.segmentRevision()));
  }

  private Future<Void> change(Clip next) {
    return clips
        .putNewer(
            StoreKeys.clips(next.stream()), StoreKeys.sortOf(next.id()), next, Clip::revision, null)
        .compose(v -> announce(next));
  }

  private Future<Void> announce(Clip clip) {
    return writer.write(OutRecord.of(Topic.CLIPS, clip.stream(), clip));
  }

  /** Its media first, then its record, so that a kill in between leaves nothing nameless. */
  private Future<Void> delete(Clip clip, Beside beside, long nowMicros) {
    String partition = StoreKeys.clips(clip.stream());
    String sort = StoreKeys.sortOf(clip.id());
    Clip left = clip.withoutMedia();
    return deleteRenditions(clip)
        .compose(v -> deleteObjects(clip.id()))
        .compose(v -> deletePins(clip))
        .compose(v -> deleteUses(clip))
        .compose(v -> announce(left))
        .compose(
            v ->
                // A stretch that a replay asks for again is cut again.
                beside.segments().containsKey(clip.segment())
                    ? clips.put(
                        partition, sort, left, Positions.instant(nowMicros).plus(REMEMBERED))
                    : clips.delete(partition, sort));
  }

  private Future<Void> deleteRenditions(Clip clip) {
    String partition = StoreKeys.renditions(clip.stream());
    String prefix = StoreKeys.sortOf(Ids.withoutRendition(clip.id()));
    return renditions
        .all(partition, prefix + ".", prefix + "/")
        .compose(
            found -> {
              Future<Void> deleted = Future.succeededFuture();
              for (Rendition one : found) {
                if (one.clip().equals(clip.id())) {
                  deleted =
                      deleted
                          .compose(v -> deleteObjects(one.id()))
                          .compose(v -> renditions.delete(partition, StoreKeys.sortOf(one.id())));
                }
              }
              return deleted;
            });
  }

  private Future<Void> deleteObjects(String id) {
    return StoredFolder.delete(objects, "clips/" + id + "/", key -> true);
  }

  private Future<Void> deletePins(Clip clip) {
    String partition = StoreKeys.pins(clip.stream());
    long from =
        Math.max(0, Math.min(clip.startMicros(), clip.markInMicros()) - LONGEST_CHUNK_MICROS);
    long to = Math.max(clip.endMicros(), clip.markOutMicros());
    return pins.all(partition, Pin.fromSort(from), Pin.toSort(to))
        .compose(
            found ->
                Future.all(
                    found.stream()
                        .filter(pin -> pin.clip().equals(clip.id()))
                        .flatMap(pin -> pin.sorts().stream())
                        .distinct()
                        .map(sort -> pins.delete(partition, sort))
                        .toList()))
        .mapEmpty();
  }

  private Future<Void> deleteUses(Clip clip) {
    String partition = StoreKeys.clipUses(clip.stream());
    return uses.all(partition, ClipUse.fromSort(clip.id()), ClipUse.toSort(clip.id()))
        .compose(
            found ->
                Future.all(found.stream().map(use -> uses.delete(partition, use.sort())).toList()))
        .mapEmpty();
  }
}
