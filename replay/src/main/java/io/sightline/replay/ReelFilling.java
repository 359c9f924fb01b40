package io.sightline.replay;

import io.sightline.records.ReelFill;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Fills a reel of a given length. Never longer than target and tolerance together, with all that
 * plays beside its items.
 *
 * <p>What a person locked comes first, then what reviewers like where that is asked for, then the
 * others, each from the highest score on. One that does not fit is skipped and the next is tried.
 * When all that are left fit, all are in. The cost is that of sorting, but for an exact fill.
 */
final class ReelFilling {

  /** Up to an hour two parts, then two for each hour begun and two more. */
  private static final long FEW_PARTS_MICROS = 3_600_000_000L;

  /** As many as for three weeks; a window may span years. */
  private static final long MOST_PARTS = 1_000;

  private final ReelFill fill;
  private final Interludes beside;
  private final long roomMicros;
  private final Comparator<Scored> best;
  private final long timelineStartMicros;
  private final long timelineMicros;
  private final Map<String, String> chosen = new LinkedHashMap<>();
  private long usedMicros;

  /**
   * @param timelineStartMicros where what is shown alike begins
   * @param timelineEndMicros where it ends
   * @param beside what plays beside the items
   */
  ReelFilling(ReelFill fill, long timelineStartMicros, long timelineEndMicros, Interludes beside) {
    this.fill = fill;
    this.beside = beside;
    this.roomMicros = beside.room(fill.limitMicros());
    this.best = Scored.best(fill.ties());
    this.timelineStartMicros = timelineStartMicros;
    this.timelineMicros = Math.max(1, timelineEndMicros - timelineStartMicros);
  }

  /**
   * @param liked which of them come before the others
   * @return ids of what is in, each with its reason
   */
  Map<String, String> choose(
      List<Scored> candidates, Predicate<Candidate> locked, Predicate<Candidate> liked) {
    List<Scored> first = new ArrayList<>();
    List<Scored> second = new ArrayList<>();
    List<Scored> others = new ArrayList<>();
    for (Scored one : candidates) {
      (locked.test(one.candidate()) ? first : liked.test(one.candidate()) ? second : others)
          .add(one);
    }
    first.sort(best);
    second.sort(best);
    others.sort(best);
    first.forEach(one -> addIfItFits(one, "a person locked it"));
    second.forEach(one -> addIfItFits(one, "its reviewers like it; " + one.reason()));
    long wantedMicros = beside.room(fill.targetMicros());
    long allMicros = usedMicros + others.stream().mapToLong(Scored::takesMicros).sum();
    if (allMicros <= (fill.exactFill() ? wantedMicros : roomMicros)) {
      others.forEach(one -> add(one, one.reason() + "; all that are left fit"));
    } else if (fill.equalDistribution()) {
      distribute(others);
    } else if (fill.exactFill()) {
      ExactFill.choose(others, wantedMicros - usedMicros, roomMicros - usedMicros)
          .forEach(one -> add(one, one.reason()));
    } else {
      others.forEach(one -> addIfItFits(one, one.reason()));
    }
    return chosen;
  }

  /** Why one that could be in is not. */
  String excluded(Scored one) {
    long leftMicros = Math.max(0, roomMicros - usedMicros - beside.betweenMicros());
    return one.reason()
        + "; its "
        + Amounts.seconds(one.candidate().lengthMicros())
        + " do not fit beside what comes before it"
        + (beside.equals(Interludes.NONE) ? "" : " and the clips of the transitions")
        + ": "
        + Amounts.seconds(leftMicros)
        + " of "
        + Amounts.seconds(fill.limitMicros())
        + " are left"
        + (fill.exactFill() ? ", and the target is met more nearly without it" : "");
  }

  /**
   * The best of each part of the timeline, then the second best of each, and so on. A segment
   * belongs to the part in which it starts. Goes on when a whole round does not fit, for a shorter
   * one may.
   */
  private void distribute(List<Scored> sorted) {
    List<List<Scored>> parts = new ArrayList<>();
    for (int i = 0; i < parts(); i++) {
      parts.add(new ArrayList<>());
    }
    sorted.forEach(one -> parts.get(partOf(one)).add(one));
    int rounds = parts.stream().mapToInt(List::size).max().orElse(0);
    for (int round = 0; round < rounds; round++) {
      int place = round;
      parts.stream()
          .filter(part -> part.size() > place)
          .map(part -> part.get(place))
          .sorted(best)
          .forEach(
              one ->
                  addIfItFits(
                      one,
                      one.reason() + "; number " + (place + 1) + " of its part of the timeline"));
    }
  }

  private int parts() {
    if (timelineMicros <= FEW_PARTS_MICROS) {
      return 2;
    }
    long hours = (timelineMicros + FEW_PARTS_MICROS - 1) / FEW_PARTS_MICROS;
    return Math.toIntExact(Math.min(MOST_PARTS, 2 * hours + 2));
  }

  private int partOf(Scored one) {
    double fraction =
        (double) (one.candidate().startMicros() - timelineStartMicros) / timelineMicros;
    return Math.max(0, Math.min(parts() - 1, (int) Math.floor(fraction * parts())));
  }

  private void addIfItFits(Scored one, String reason) {
    if (usedMicros + one.takesMicros() <= roomMicros) {
      add(one, reason);
    }
  }

  private void add(Scored one, String reason) {
    usedMicros += one.takesMicros();
    chosen.put(one.candidate().id(), reason);
  }
}
