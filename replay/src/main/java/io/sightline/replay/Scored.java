package io.sightline.replay;

import io.sightline.records.ReelFill;
import io.sightline.records.ReelFill.Ties;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A candidate with what the weights give it.
 *
 * @param met whether one condition or more is met
 * @param reason which are, for people
 * @param takesMicros how much of a reel it takes: its length, and what plays before another one
 */
record Scored(Candidate candidate, double score, boolean met, String reason, long takesMicros) {

  private static final double MOST_TIMES = 1_000;

  static Scored of(Candidate candidate, ReelFill fill, Interludes beside) {
    double score = 0;
    List<String> because = new ArrayList<>();
    for (ReelFill.Weight weight : fill.weights()) {
      if (Conditions.hold(weight.when(), candidate)) {
        double times =
            weight.times() == null ? 1 : Conditions.number(candidate.segment(), weight.times(), 1);
        double gain = weight.weight() * Math.max(0, Math.min(MOST_TIMES, times));
        score += gain;
        because.add(Conditions.text(weight.when()) + " (" + Amounts.number(gain) + ")");
      }
    }
    boolean met = !because.isEmpty();
    return new Scored(
        candidate,
        score,
        met,
        "score "
            + Amounts.number(score)
            + ": "
            + (met ? String.join(", ", because) : "it meets no condition that has a weight"),
        candidate.lengthMicros() + beside.betweenMicros());
  }

  /** The highest score first, equal ones by the rule; no two are equal. */
  static Comparator<Scored> best(Ties ties) {
    Comparator<Scored> byScore = Comparator.comparingDouble(Scored::score).reversed();
    Comparator<Scored> byPosition = Comparator.comparing(Scored::candidate, Candidate.BY_POSITION);
    Comparator<Scored> byLength = Comparator.comparingLong(Scored::takesMicros);
    return byScore.thenComparing(
        switch (ties) {
          case EARLIER -> byPosition;
          case LATER -> byPosition.reversed();
          case LONGER -> byLength.reversed().thenComparing(byPosition);
          case SHORTER -> byLength.thenComparing(byPosition);
        });
  }
}
