package io.sightline.replay;

import io.sightline.records.ReelDecisions;
import io.sightline.records.ReelFill;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.ReplayRules.Mode;
import io.sightline.replay.ReplaySelection.Choice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies the rules of a replay to its candidates. First to go is what the rules, or a person, rule
 * out; what is left is chosen from by the mode; what is chosen and has a clip is in. What has none
 * yet keeps its place, so that the reel is the same whenever the clips come.
 */
final class SegmentChooser {

  private static final String RECUT = "; it is being cut with its new marks";

  private final ReplayRequest.Selection selection;
  private final ReplayRules rules;
  private final Interludes beside;
  private final Set<String> locked;
  private final Set<String> banned;
  private final Set<String> ordered;
  private final List<Choice> excluded = new ArrayList<>();
  private int waiting;

  /**
   * @param beside what plays beside the segments
   */
  SegmentChooser(ReplayRequest.Selection selection, ReplayRules rules, Interludes beside) {
    this.selection = selection;
    this.rules = rules;
    this.beside = beside;
    ReelDecisions decisions = rules.decisions();
    this.locked = new HashSet<>(decisions.locked());
    this.banned = new HashSet<>(decisions.banned());
    this.ordered = new HashSet<>(decisions.order());
  }

  /**
   * @param candidates in order of position, or of the stretches
   */
  ReplaySelection choose(List<Candidate> candidates) {
    List<Candidate> eligible = new ArrayList<>();
    for (Candidate candidate : candidates) {
      String never = decidedAgainst(candidate);
      String out = never != null ? never : ruledOut(candidate);
      if (never == null && candidate.segment().open()) {
        // Until it ends its label, its features and its length may change.
        exclude(candidate, "it has not ended yet");
        waiting++;
      } else if (out != null) {
        exclude(candidate, out);
      } else if (candidate.lost()) {
        exclude(candidate, "it has no clip: " + candidate.failure());
      } else {
        eligible.add(candidate);
        waiting += candidate.settled() ? 0 : 1;
      }
    }
    Map<String, String> chosen =
        rules.mode() == Mode.DURATION ? fill(candidates, eligible) : all(eligible);
    List<Choice> included = new ArrayList<>();
    for (Candidate candidate : eligible) {
      String reason = chosen.get(candidate.id());
      if (reason == null) {
        continue;
      }
      if (candidate.clip() == null) {
        exclude(candidate, reason + "; its clip is being cut");
      } else {
        included.add(choice(candidate, candidate.settled() ? reason : reason + RECUT));
      }
    }
    return new ReplaySelection(ReelOrder.of(included, rules), List.copyOf(excluded), waiting);
  }

  /** Why a candidate will never be in; null when nobody decided that. */
  private String decidedAgainst(Candidate candidate) {
    if (rules.mode() == Mode.MANUAL) {
      return ordered.contains(candidate.id()) ? null : "nobody chose it";
    }
    return banned.contains(candidate.id()) ? "a person banned it" : null;
  }

  /** Why a candidate cannot be in as it is; null when it can. */
  private String ruledOut(Candidate candidate) {
    if (rules.mode() == Mode.MANUAL
        || rules.mode() == Mode.TIMESTAMPS
        || locked.contains(candidate.id())) {
      return null;
    }
    List<String> labels = selection.labels();
    if (!labels.isEmpty() && !labels.contains(candidate.segment().label())) {
      return "its label is not asked for";
    }
    if (rules.ignoreDisliked() && candidate.disliked()) {
      return "its reviewers dislike it: "
          + candidate.dislikes()
          + " do, "
          + candidate.likes()
          + " like it";
    }
    if (rules.where() != null && !forced(candidate) && !Conditions.hold(rules.where(), candidate)) {
      return "it does not meet: " + Conditions.text(rules.where());
    }
    return null;
  }

  private boolean forced(Candidate candidate) {
    return rules.forceLiked() && candidate.liked();
  }

  private Map<String, String> all(List<Candidate> eligible) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (Candidate candidate : eligible) {
      chosen.put(candidate.id(), reason(candidate));
    }
    return chosen;
  }

  private String reason(Candidate candidate) {
    if (rules.mode() == Mode.TIMESTAMPS) {
      return "it was asked for";
    }
    if (rules.mode() == Mode.MANUAL) {
      return "a person chose it";
    }
    if (locked.contains(candidate.id())) {
      return "a person locked it";
    }
    if (forced(candidate)) {
      return "its reviewers like it";
    }
    return rules.where() == null
        ? "it lies in the window"
        : "it meets: " + Conditions.text(rules.where());
  }

  private Map<String, String> fill(List<Candidate> all, List<Candidate> eligible) {
    ReelFill fill = rules.fill();
    List<Scored> scored = new ArrayList<>();
    for (Candidate candidate : eligible) {
      Scored one = Scored.of(candidate, fill, beside);
      if (one.met()
          || fill.fillWithOthers()
          || locked.contains(candidate.id())
          || forced(candidate)) {
        scored.add(one);
      } else {
        exclude(candidate, one.reason());
      }
    }
    ReelFilling filling = new ReelFilling(fill, timelineStart(all), timelineEnd(all), beside);
    Map<String, String> chosen =
        filling.choose(scored, candidate -> locked.contains(candidate.id()), this::forced);
    for (Scored one : scored) {
      if (!chosen.containsKey(one.candidate().id())) {
        exclude(one.candidate(), filling.excluded(one));
      }
    }
    return chosen;
  }

  private long timelineStart(List<Candidate> all) {
    return selection.fromMicros() != null
        ? selection.fromMicros()
        : all.stream().mapToLong(one -> one.segment().startMicros()).min().orElse(0);
  }

  /** The last mark-out there is, so that the parts are those of what happened, not of a window. */
  private static long timelineEnd(List<Candidate> all) {
    return all.stream()
        .filter(one -> !one.segment().open())
        .mapToLong(one -> one.segment().endMicros())
        .max()
        .orElse(0);
  }

  private void exclude(Candidate candidate, String reason) {
    excluded.add(new Choice(candidate.segment(), null, candidate.startMicros(), reason));
  }

  private static Choice choice(Candidate candidate, String reason) {
    String marks = marks(candidate);
    return new Choice(
        candidate.segment(), candidate.clip(), candidate.startMicros(), reason + marks);
  }

  /** Which marks it plays with, where that is to be said. */
  private static String marks(Candidate candidate) {
    if (candidate.trim() == null) {
      return candidate.sound() == null ? "" : "; " + candidate.sound().why();
    }
    if (candidate.trimmed()) {
      return "; trimmed for this replay";
    }
    return candidate.settled()
        ? "; it cannot be trimmed for this replay and plays as it was: " + candidate.failure()
        : "";
  }
}
