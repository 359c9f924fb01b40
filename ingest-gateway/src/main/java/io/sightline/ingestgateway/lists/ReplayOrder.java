package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Transitions;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the body of a request says of a replay; each null where it says nothing.
 *
 * @param publish whether it is copied to where the installation publishes
 * @param audioTrack the only one that is to play; 0 for all sound
 * @param transitions how its items follow one another; with nothing in it, without any
 * @param decide what is decided of single segments, on top of what was decided before
 * @param strict whether stretches and trims in which something is missing are refused
 * @param stop whether work on it is to end
 */
record ReplayOrder(
    String title,
    ReplayRequest.Selection selection,
    Boolean mp4,
    Boolean publish,
    Integer audioTrack,
    ReplayRules rules,
    Transitions transitions,
    Decide decide,
    boolean strict,
    boolean stop) {

  /** What a request says that its selection must allow. */
  static final String STRETCHES = "rules.stretches";

  ReplayOrder {
    boolean more =
        title != null
            || selection != null
            || mp4 != null
            || publish != null
            || audioTrack != null
            || rules != null
            || transitions != null
            || decide != null;
    if (stop && more) {
      throw Problem.of(422, "'stop' ends work on a replay; give it alone.");
    }
  }

  /** Single decisions, applied in this order; those left out change nothing. */
  record Decide(
      List<String> free,
      List<String> lock,
      List<String> ban,
      List<String> order,
      List<String> swap,
      List<ReelDecisions.Trim> trim) {

    Decide {
      free = free == null ? List.of() : List.copyOf(free);
      lock = lock == null ? List.of() : List.copyOf(lock);
      ban = ban == null ? List.of() : List.copyOf(ban);
      swap = swap == null ? List.of() : List.copyOf(swap);
      trim = trim == null ? List.of() : List.copyOf(trim);
      if (!swap.isEmpty() && swap.size() != 2) {
        throw new IllegalArgumentException(
            "'swap' takes two segments, which change places, not " + swap.size());
      }
    }

    /**
     * @param playing segments of the reel as it plays now
     */
    ReelDecisions over(ReelDecisions before, List<String> playing) {
      ReelDecisions decisions = before;
      for (String segment : free) {
        decisions = decisions.free(segment);
      }
      for (String segment : lock) {
        decisions = decisions.lock(segment);
      }
      for (String segment : ban) {
        decisions = decisions.ban(segment);
      }
      if (order != null) {
        decisions = decisions.order(order);
      }
      if (!swap.isEmpty()) {
        decisions = decisions.swap(swap.get(0), swap.get(1), playing);
      }
      for (ReelDecisions.Trim one : trim) {
        decisions = decisions.trim(one);
      }
      return decisions;
    }
  }

  /**
   * @throws Problem 422 when it cannot be asked for like this
   */
  static ReplayOrder read(JsonNode body) {
    String title = body.hasNonNull("title") ? body.get("title").textValue().strip() : null;
    if (title != null && title.isEmpty()) {
      throw Problem.of(422, "A replay needs a title.").at("title");
    }
    return new ReplayOrder(
        title,
        selection(body.get("selection")),
        body.hasNonNull("mp4") ? body.get("mp4").booleanValue() : null,
        body.hasNonNull("publish") ? body.get("publish").booleanValue() : null,
        body.hasNonNull("audioTrack") ? body.get("audioTrack").intValue() : null,
        StrictJson.read(body.get("rules"), "rules", ReplayRules.class),
        StrictJson.read(body.get("transitions"), "transitions", Transitions.class),
        StrictJson.read(body.get("decide"), "decide", Decide.class),
        body.path("strict").booleanValue(),
        body.path("stop").booleanValue());
  }

  /** Fields that it does not have were always taken, and are. */
  private static ReplayRequest.Selection selection(JsonNode selection) {
    try {
      return selection == null
          ? null
          : Json.MAPPER.treeToValue(selection, ReplayRequest.Selection.class);
    } catch (JsonProcessingException e) {
      throw Problem.of(422, Answers.cause(e)).at("selection");
    }
  }

  /** What follows from this order for a replay that was asked for before. */
  ReplayRequest over(ReplayRequest before, List<String> playing, String by, long atMicros) {
    return checked(
        decide == null ? STRETCHES : "decide",
        () -> {
          ReplayRules asked = rules == null ? before.rules() : rules;
          if (decide != null) {
            ReplayRules base = asked == null ? ReplayRules.ALL : asked;
            asked = base.with(decide.over(base.decisions(), playing));
          }
          return new ReplayRequest(
              before.replay(),
              ReplayRequest.Kind.CHANGE,
              title == null ? before.title() : title,
              selection == null ? before.selection() : selection,
              mp4 == null ? before.mp4() : mp4,
              by,
              atMicros,
              before.revision(),
              asked,
              publish == null ? before.publish() : publish,
              audioTrack == null ? before.audioTrack() : onlyTrack(),
              transitions == null ? before.transitions() : transitions);
        });
  }

  /** Where in the body a trim stands. */
  String fieldOf(ReelDecisions.Trim trim) {
    if (decide != null && decide.trim().contains(trim)) {
      return "decide.trim[" + decide.trim().indexOf(trim) + "]";
    }
    int at = rules == null ? -1 : rules.decisions().trims().indexOf(trim);
    // One that was asked for before, and must be whole now.
    return at < 0 ? "strict" : "rules.decisions.trims[" + at + "]";
  }

  /** The only sound track that is to play; null for all sound. */
  Integer onlyTrack() {
    return audioTrack == null || audioTrack == 0 ? null : audioTrack;
  }

  /**
   * @param field what of the body it can be about
   * @throws Problem 422 in place of what a record says of itself
   */
  static <T> T checked(String field, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw Problem.of(422, e.getMessage() + ".").at(field);
    }
  }
}
