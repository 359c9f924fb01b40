package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a replay is chosen from.
 *
 * @param segments of the selection's streams, run and window
 * @param clips all clips of those segments, and of the {@link Cuts}, by segment
 * @param feedback on those segments, by segment
 */
record ReplayMaterial(
    List<Segment> segments, Map<String, List<Clip>> clips, Map<String, List<Feedback>> feedback) {

  /**
   * The segments that are there, in order of position; with timestamps the stretches, in theirs.
   *
   * @param audioTrack the only one that is to play; null for all sound
   */
  List<Candidate> candidates(
      ReplayRequest.Selection selection, ReplayRules rules, Integer audioTrack) {
    if (rules.mode() == ReplayRules.Mode.TIMESTAMPS) {
      return rules.stretches().stream()
          .map(stretch -> candidate(Cuts.of(stretch, selection.run()), null, null))
          .toList();
    }
    Map<String, ReelDecisions.Trim> trims = new HashMap<>();
    rules.decisions().trims().forEach(trim -> trims.put(trim.segment(), trim));
    List<Candidate> candidates = new ArrayList<>();
    for (Segment segment : segments) {
      if (!segment.removed()) {
        candidates.add(candidate(segment, trims.get(segment.id()), audioTrack));
      }
    }
    candidates.sort(Candidate.BY_POSITION);
    return candidates;
  }

  private Candidate candidate(Segment segment, ReelDecisions.Trim trim, Integer audioTrack) {
    return Candidate.of(
        segment,
        clips.getOrDefault(segment.id(), List.of()),
        feedback.getOrDefault(segment.id(), List.of()),
        trim,
        trim == null ? List.of() : clips.getOrDefault(Cuts.of(segment, trim).id(), List.of()),
        audioTrack);
  }
}
