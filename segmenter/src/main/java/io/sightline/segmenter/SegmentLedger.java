package io.sightline.segmenter;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.records.ClipVariant;
import io.sightline.records.Feedback;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.StoreKeys;
import io.sightline.records.Vote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.sightline.storage.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments that there are: the store first, then the topic. A change that is made again changes
 * nothing, but is published again, since nobody knows whether it was.
 */
final class SegmentLedger {

  /** That an edit was applied. */
  record AppliedEdit(String edit, String segment, long atMicros) {}

  private static final Logger log = LoggerFactory.getLogger(SegmentLedger.class);

  /** An edit comes again only for as long as its topic keeps it. */
  private static final Duration EDITS_KEPT = Topic.SEGMENT_EDITS.retention().plusDays(1);

  private static final int MAX_LOST_RACES = 20;

  /** Leaves room for what people decide. */
  private static final int MAX_FOUND_BYTES = RecordStore.MAX_VALUE_BYTES - 4096;

  private final RecordStore store;
  private final Records<Segment> segments;
  private final Records<AppliedEdit> edits;
  private final Records<Feedback> feedback;
  private final Records<Kept> kept;
  private final Writer writer;
  private final Clock clock;

  SegmentLedger(RecordStore store, Writer writer, Clock clock) {
    this.store = store;
    this.segments = Records.of(store, Segment.class);
    this.edits = Records.of(store, AppliedEdit.class);
    this.feedback = Records.of(store, Feedback.class);
    this.kept = Records.of(store, Kept.class);
    this.writer = writer;
    this.clock = clock;
  }

  /** Completes when what was found is stored and published. */
  Future<Void> found(FoundChange change) {
    return update(
            change.stream(),
            change.id(),
            stored ->
                stored != null && stored.foundRevision() >= change.revision()
                    ? stored
                    : bounded(change.appliedTo(stored)))
        .compose(this::publish);
  }

  /**
   * Completes when the optimized marks of a segment are stored and published. Those that it has
   * already, and those of a segment that has changed meanwhile, change nothing.
   *
   * @param segment as it was when they were chosen
   * @param note why there are none; null where nothing is to be said
   */
  Future<Void> optimized(Segment segment, List<OptimizedTrack> tracks, String note) {
    return update(
            segment.stream(),
            segment.id(),
            stored ->
                stored != null && stored.revision() == segment.revision()
                    ? optimizedAs(stored, tracks, note)
                    : stored)
        .compose(stored -> stored == null ? Future.succeededFuture() : publish(stored));
  }

  /** Publishes a segment as it is stored: nobody knows whether it was. */
  Future<Void> again(Segment segment) {
    return publish(segment);
  }

  private static Segment optimizedAs(Segment stored, List<OptimizedTrack> tracks, String note) {
    OptimizedMarks former = stored.optimized();
    boolean same =
        !former.toCome() && former.tracks().equals(tracks) && Objects.equals(former.note(), note);
    int next = stored.revision() + 1;
    return same
        ? stored
        : bounded(
            stored.with(
                new OptimizedMarks(
                    former.optimizer(),
                    stored.cutRevision(ClipVariant.ORIGINAL),
                    next,
                    tracks,
                    note),
                next));
  }

  /** Completes when the edit is stored and published; fails with {@link EditException}. */
  Future<Void> edit(SegmentEdit edit) {
    if (!StoreKeys.streamOf(edit.segment()).equals(edit.stream())) {
      throw new EditException(
          "The segment " + edit.segment() + " is none of the stream '" + edit.stream() + "'");
    }
    String partition = StoreKeys.segmentEdits(edit.stream());
    String sort = Ids.digest(edit.id());
    return edits
        .find(partition, sort)
        .compose(
            applied ->
                applied.isPresent()
                    ? Future.succeededFuture()
                    : applied(edit)
                        .compose(this::publish)
                        .compose(published -> remember(edit, partition, sort)));
  }

  private Future<Segment> applied(SegmentEdit edit) {
    return switch (edit.kind()) {
      case FEEDBACK -> beside(edit, this::reviewed);
      case KEEP -> beside(edit, this::kept);
      default -> update(edit.stream(), edit.segment(), stored -> edited(edit, stored));
    };
  }

  /**
   * Stores what is said beside the segment. The segment is published as it is, which tells those
   * who look at that to look again and is nothing new to anybody else.
   */
  private Future<Segment> beside(SegmentEdit edit, Function<SegmentEdit, Future<Void>> stored) {
    return segments
        .find(StoreKeys.segments(edit.stream()), StoreKeys.sortOf(edit.segment()))
        .compose(
            found -> {
              Segment segment = found.orElseThrow(() -> none(edit));
              SegmentEdits.requireThere(segment);
              return stored.apply(edit).map(segment);
            });
  }

  private Future<Void> reviewed(SegmentEdit edit) {
    String partition = StoreKeys.feedback(edit.stream());
    String sort = StoreKeys.feedbackSort(edit.segment(), edit.by());
    if (edit.vote() == Vote.CLEAR) {
      return feedback.delete(partition, sort);
    }
    Feedback said =
        new Feedback(
            edit.segment(), edit.stream(), edit.by(), edit.vote(), edit.note(), edit.atMicros());
    return feedback.put(partition, sort, said, null);
  }

  private Future<Void> kept(SegmentEdit edit) {
    String partition = StoreKeys.kept(edit.stream());
    String sort = StoreKeys.sortOf(edit.segment());
    return edit.keep()
        ? kept.put(
            partition,
            sort,
            new Kept(edit.segment(), edit.stream(), edit.by(), edit.atMicros()),
            null)
        : kept.delete(partition, sort);
  }

  private static Segment edited(SegmentEdit edit, Segment stored) {
    if (stored == null) {
      throw none(edit);
    }
    boolean repeat = stored.edit() != null && edit.id().equals(stored.edit().lastEdit());
    return repeat ? stored : SegmentEdits.apply(edit, stored);
  }

  private static EditException none(SegmentEdit edit) {
    return new EditException("There is no segment " + edit.segment());
  }

  private Future<Void> remember(SegmentEdit edit, String partition, String sort) {
    Instant now = clock.instant();
    AppliedEdit applied = new AppliedEdit(edit.id(), edit.segment(), Positions.of(now));
    return edits.put(partition, sort, applied, now.plus(EDITS_KEPT));
  }

  private Future<Segment> update(String stream, String id, UnaryOperator<Segment> change) {
    return update(StoreKeys.segments(stream), StoreKeys.sortOf(id), change, MAX_LOST_RACES);
  }

  private Future<Segment> update(
      String partition, String sort, UnaryOperator<Segment> change, int races) {
    return held(partition, sort)
        .compose(
            held -> {
              Segment former = held == null ? null : Json.decode(held.value(), Segment.class);
              Segment next = change.apply(former);
              if (next == former) {
                return Future.succeededFuture(former);
              }
              long version = held == null ? RecordStore.ABSENT : held.version();
              return store
                  .putIf(partition, sort, Json.encode(next), null, version)
                  .map(next)
                  .recover(
                      e ->
                          has(e, Reason.CONFLICT) && races > 0
                              ? update(partition, sort, change, races - 1)
                              : Future.failedFuture(e));
            });
  }

  /** The item, or null when there is none. */
  private Future<StoredRecord> held(String partition, String sort) {
    return store
        .get(partition, sort)
        .recover(
            e -> has(e, Reason.NOT_FOUND) ? Future.succeededFuture(null) : Future.failedFuture(e));
  }

  private Future<Void> publish(Segment segment) {
    return segments
        .putNewer(
            StoreKeys.segmentsOfDay(Positions.day(segment.foundStartMicros())),
            StoreKeys.sortOf(segment.id()),
            segment,
            Segment::revision,
            null)
        .compose(written -> writer.write(OutRecord.of(Topic.SEGMENTS, segment.stream(), segment)));
  }

  private static Segment bounded(Segment segment) {
    if (Json.encode(segment).length <= MAX_FOUND_BYTES) {
      return segment;
    }
    log.warn("{}: features and reasons are larger than a record may be and left out", segment.id());
    return new Segment(
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.classifier(),
        segment.epoch(),
        segment.foundStartMicros(),
        segment.foundEndMicros(),
        segment.foundLabel(),
        segment.edit(),
        Map.of(),
        null,
        segment.removed(),
        segment.foundRevision(),
        segment.revision(),
        segment.optimized());
  }

  private static boolean has(Throwable failure, Reason reason) {
    return failure instanceof StorageException storage && storage.reason() == reason;
  }
}
