package io.sightline.replay;

import io.sightline.records.Ids;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stretches that replays ask to be cut: those named by timestamps, and segments with other marks.
 * Each travels to the clipper as a segment of its own on the topic that it reads. They are not
 * stored as segments, for they are no finding: lists and other replays do not see them. What they
 * follow from, the request, is stored; and their ids name their ends, so that asking again, after a
 * kill or for another replay, gives the clip that is there.
 */
final class Cuts {

  private static final String LABEL = "cut";

  private Cuts() {}

  /** All that a replay needs. */
  static List<Segment> of(
      ReplayRequest.Selection selection, ReplayRules rules, List<Segment> segments) {
    List<Segment> cuts = new ArrayList<>();
    rules.stretches().forEach(stretch -> cuts.add(of(stretch, selection.run())));
    if (!rules.decisions().trims().isEmpty()) {
      Map<String, Segment> byId = new HashMap<>();
      segments.forEach(segment -> byId.put(segment.id(), segment));
      for (ReelDecisions.Trim trim : rules.decisions().trims()) {
        Segment segment = byId.get(trim.segment());
        if (segment != null && !segment.removed()) {
          cuts.add(of(segment, trim));
        }
      }
    }
    return cuts;
  }

  static Segment of(ReplayRules.Stretch stretch, String run) {
    return of(stretch.stream(), run, "", stretch.startMicros(), stretch.endMicros(), LABEL);
  }

  static Segment of(Segment segment, ReelDecisions.Trim trim) {
    return of(
        segment.stream(),
        segment.run(),
        segment.epoch(),
        trim.startMicros(),
        trim.endMicros(),
        segment.label());
  }

  /** The same, of the epoch in which it lies: the clipper waits for what is still to come of it. */
  static Segment in(String epoch, Segment cut) {
    return of(
        cut.stream(),
        cut.run(),
        epoch,
        cut.foundStartMicros(),
        cut.foundEndMicros(),
        cut.foundLabel());
  }

  private static Segment of(
      String stream, String run, String epoch, long startMicros, long endMicros, String label) {
    String id = Ids.cut(stream, run, startMicros, endMicros);
    String classifier = Ids.classifierOfCut(startMicros, endMicros);
    return new Segment(
        id,
        stream,
        run,
        classifier,
        epoch,
        startMicros,
        endMicros,
        label,
        null,
        null,
        null,
        false,
        1,
        1);
  }
}
