package io.sightline.records;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a person decided of single segments of one replay. It holds when the others are chosen anew.
 *
 * @param locked always in, before all others; only the length of a replay can keep them out
 * @param banned never in
 * @param order these play in this order, in the places that they have together: all others keep
 *     theirs. With the mode {@code manual} they are all that plays
 * @param trims other marks for single segments, in this replay alone
 */
public record ReelDecisions(
    List<String> locked, List<String> banned, List<String> order, List<Trim> trims) {

  public static final ReelDecisions NONE = new ReelDecisions(null, null, null, null);

  private static final int MAX_SEGMENTS = 500;

  /**
   * Marks of a segment within a replay.
   *
   * @param startMicros where it starts to play
   * @param endMicros where it stops; at most 24 hours later
   */
  public record Trim(String segment, long startMicros, long endMicros) {
    public Trim {
      Ids.requireId("segment", segment);
      if (startMicros < 0) {
        throw new IllegalArgumentException("A trimmed segment cannot start before 1970");
      }
      ReplayRules.requireOrder("The trimmed segment " + segment, startMicros, endMicros);
    }
  }

  public ReelDecisions {
    locked = ids("locked", locked);
    banned = ids("banned", banned);
    order = ids("order", order);
    trims = trims == null ? List.of() : List.copyOf(trims);
    ids("trims", trims.stream().map(Trim::segment).toList());
    for (String segment : banned) {
      if (locked.contains(segment) || order.contains(segment)) {
        throw new IllegalArgumentException(
            "The segment "
                + segment
                + " is banned, so it cannot be locked or ordered too; free it first");
      }
    }
  }

  boolean none() {
    return equals(NONE);
  }

  /** Always in from now on; no longer banned. */
  public ReelDecisions lock(String segment) {
    return new ReelDecisions(with(locked, segment), without(banned, segment), order, trims);
  }

  /** Never in from now on; nothing else is decided of it any more. */
  public ReelDecisions ban(String segment) {
    ReelDecisions others = free(segment);
    return new ReelDecisions(
        others.locked, with(others.banned, segment), without(order, segment), others.trims);
  }

  /** Neither locked nor banned nor trimmed; it keeps its place. */
  public ReelDecisions free(String segment) {
    return new ReelDecisions(
        without(locked, segment),
        without(banned, segment),
        order,
        trims.stream().filter(trim -> !trim.segment().equals(segment)).toList());
  }

  /** Other marks for one segment. */
  public ReelDecisions trim(Trim trim) {
    List<Trim> all = new ArrayList<>(trims);
    all.removeIf(held -> held.segment().equals(trim.segment()));
    all.add(trim);
    return new ReelDecisions(locked, banned, order, all);
  }

  public ReelDecisions order(List<String> segments) {
    return new ReelDecisions(locked, banned, segments, trims);
  }

  /**
   * Two segments change places.
   *
   * @param playing the whole reel as it plays now
   * @throws IllegalArgumentException when one of the two is not in it
   */
  public ReelDecisions swap(String one, String other, List<String> playing) {
    for (String segment : List.of(one, other)) {
      if (!playing.contains(segment)) {
        throw new IllegalArgumentException(
            "The segment " + segment + " is not in the replay, so it has no place to change");
      }
    }
    Set<String> ordered = new HashSet<>(order);
    ordered.add(one);
    ordered.add(other);
    return order(
        playing.stream()
            .filter(ordered::contains)
            .map(id -> id.equals(one) ? other : id.equals(other) ? one : id)
            .toList());
  }

  /** Refuses what means nothing in a mode. */
  void requireFor(ReplayRules.Mode mode) {
    if (mode == ReplayRules.Mode.TIMESTAMPS && !none()) {
      throw new IllegalArgumentException(
          "In the mode 'timestamps' there are no segments to decide of; change 'stretches'");
    }
    if (mode == ReplayRules.Mode.MANUAL && order.isEmpty()) {
      throw new IllegalArgumentException(
          "The mode 'manual' needs 'decisions.order': the segments in the order in which they"
              + " play");
    }
    if (mode == ReplayRules.Mode.MANUAL && !(locked.isEmpty() && banned.isEmpty())) {
      throw new IllegalArgumentException(
          "In the mode 'manual' exactly what 'decisions.order' names is shown; change that in"
              + " place of locking and banning");
    }
  }

  private static List<String> ids(String field, List<String> ids) {
    if (ids == null) {
      return List.of();
    }
    if (ids.size() > MAX_SEGMENTS) {
      throw new IllegalArgumentException(
          "'" + field + "' takes " + MAX_SEGMENTS + " segments at most, not " + ids.size());
    }
    Set<String> different = new HashSet<>();
    for (String id : ids) {
      if (!different.add(Ids.requireId("segment", id))) {
        throw new IllegalArgumentException(
            "'" + field + "' names the segment " + id + " twice; once is enough");
      }
    }
    return List.copyOf(ids);
  }

  private static List<String> with(List<String> ids, String id) {
    if (ids.contains(id)) {
      return ids;
    }
    List<String> more = new ArrayList<>(ids);
    more.add(id);
    return more;
  }

  private static List<String> without(List<String> ids, String id) {
    return ids.stream().filter(held -> !held.equals(id)).toList();
  }
}
