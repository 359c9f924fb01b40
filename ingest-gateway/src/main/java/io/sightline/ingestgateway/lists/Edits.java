package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import io.sightline.records.Vote;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a person asks of a segment into edits on their topic. An edit's id follows from the
 * segment's revision and from what is asked, so that asking twice changes nothing; feedback is an
 * edit, too.
 */
final class Edits {

  /** Neither may a mark move further than this, nor a segment become longer. */
  private static final Duration REASON = Duration.ofHours(24);

  private final Results results;
  private final Writer writer;
  private final Clock clock;

  Edits(Results results, Writer writer, Clock clock) {
    this.results = results;
    this.writer = writer;
    this.clock = clock;
  }

  /** Completes once the edits are durable; fails with {@link Problem} when they cannot be. */
  Future<ObjectNode> edit(Caller caller, String id, JsonNode asked) {
    return results
        .find(caller, id)
        .compose(
            segment -> {
              List<SegmentEdit> edits = edits(caller, segment, asked);
              List<Future<Void>> written = new ArrayList<>();
              for (SegmentEdit edit : edits) {
                written.add(
                    writer.write(OutRecord.of(Topic.SEGMENT_EDITS, segment.stream(), edit)));
              }
              return Future.all(written).map(v -> answer(edits));
            });
  }

  /** Removes a segment; completes once that is durable, with the replays that show it now. */
  Future<ObjectNode> remove(Caller caller, String id) {
    return results
        .find(caller, id)
        .compose(
            segment -> {
              List<SegmentEdit> edits =
                  segment.removed()
                      ? List.of()
                      : List.of(edit(caller, segment, SegmentEdit.Kind.REMOVE, null, null, null));
              Future<Void> written = Future.succeededFuture();
              for (SegmentEdit edit : edits) {
                written = writer.write(OutRecord.of(Topic.SEGMENT_EDITS, segment.stream(), edit));
              }
              return written
                  .compose(v -> results.shownBy(segment))
                  .map(
                      replays -> {
                        ObjectNode body = answer(edits);
                        ArrayNode shownBy = body.putArray("shownBy");
                        replays.forEach(shownBy::add);
                        return body;
                      });
            });
  }

  private List<SegmentEdit> edits(Caller caller, Segment segment, JsonNode asked) {
    if (segment.removed()) {
      throw Problem.of(422, "The segment '" + segment.id() + "' has been removed.");
    }
    Long start = asked.hasNonNull("startMicros") ? asked.get("startMicros").longValue() : null;
    Long end = asked.hasNonNull("endMicros") ? asked.get("endMicros").longValue() : null;
    JsonNode said = asked.path("feedback");
    String label = asked.hasNonNull("label") ? asked.get("label").textValue().strip() : null;
    List<SegmentEdit> edits = new ArrayList<>();
    try {
      if (start != null || end != null) {
        checkMarks(segment, start, end);
        edits.add(edit(caller, segment, SegmentEdit.Kind.TRIM, start, end, null));
      }
      if (label != null) {
        edits.add(edit(caller, segment, SegmentEdit.Kind.RELABEL, null, null, label));
      }
      if (said.isObject()) {
        edits.add(feedback(caller, segment, said));
      }
      if (asked.hasNonNull("keep")) {
        edits.add(keep(caller, segment, asked.get("keep").booleanValue()));
      }
    } catch (IllegalArgumentException e) {
      throw Problem.of(422, e.getMessage() + ".");
    }
    if (edits.isEmpty()) {
      throw Problem.of(
          400, "Give startMicros, endMicros, label, feedback, keep, or several of them.");
    }
    return edits;
  }

  private static void checkMarks(Segment segment, Long start, Long end) {
    long in = start != null ? start : segment.startMicros();
    Long out = end != null ? end : segment.endMicros();
    long most = Positions.micros(REASON);
    if (out != null && out <= in) {
      throw Problem.of(422, "The mark-out (" + out + ") must lie after the mark-in (" + in + ").");
    }
    if (out != null && out - in > most) {
      throw Problem.of(422, "A segment lasts 24 hours at most.");
    }
    if (Math.abs(in - segment.foundStartMicros()) > most) {
      throw Problem.of(422, "A mark may move by 24 hours at most from where it was found.");
    }
  }

  private SegmentEdit edit(
      Caller caller, Segment segment, SegmentEdit.Kind kind, Long start, Long end, String label) {
    String content = kind + "|" + start + "|" + end + "|" + label;
    return new SegmentEdit(
        segment.id() + ".e" + segment.revision() + "." + Ids.digest(content),
        segment.stream(),
        segment.id(),
        kind,
        start,
        end,
        label,
        caller.name(),
        Positions.of(clock.instant()));
  }

  /**
   * A vote changes no revision, and may come again after it was taken back: its time names it.
   * Twice the same from one reviewer is the same all the same.
   */
  private SegmentEdit feedback(Caller caller, Segment segment, JsonNode said) {
    Vote vote = StrictJson.read(said.get("vote"), "feedback.vote", Vote.class);
    String note = said.hasNonNull("note") ? said.get("note").textValue().strip() : null;
    long now = Positions.of(clock.instant());
    String content = caller.name() + "|" + vote + "|" + note;
    return new SegmentEdit(
        segment.id() + ".f" + now + "." + Ids.digest(content),
        segment.stream(),
        segment.id(),
        SegmentEdit.Kind.FEEDBACK,
        null,
        null,
        null,
        caller.name(),
        now,
        vote,
        note == null || note.isEmpty() ? null : note,
        null);
  }

  /** As with a vote: it changes no revision, and may come again after it was taken back. */
  private SegmentEdit keep(Caller caller, Segment segment, boolean keep) {
    long now = Positions.of(clock.instant());
    return new SegmentEdit(
        segment.id() + ".k" + now + "." + Ids.digest(caller.name() + "|" + keep),
        segment.stream(),
        segment.id(),
        SegmentEdit.Kind.KEEP,
        null,
        null,
        null,
        caller.name(),
        now,
        null,
        null,
        keep);
  }

  private static ObjectNode answer(List<SegmentEdit> edits) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode ids = body.putArray("edits");
    edits.forEach(edit -> ids.add(edit.id()));
    return body;
  }
}
