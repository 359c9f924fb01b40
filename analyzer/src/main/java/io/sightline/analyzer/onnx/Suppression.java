package io.sightline.analyzer.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps the best of boxes that show the same thing: greedy non-maximum suppression, per class. */
final class Suppression {

  /** Beyond this, candidates are noise and would only cost time. */
  private static final int MAX_CANDIDATES = 2_000;

  private static final Comparator<Candidate> BEST_FIRST =
      Comparator.<Candidate>comparingDouble(c -> -c.score())
          .thenComparingInt(Candidate::label)
          .thenComparingDouble(Candidate::left)
          .thenComparingDouble(Candidate::top);

  private Suppression() {}

  /**
   * @param maxOverlap intersection over union above which the lesser of two goes
   * @param most how many are kept at most
   * @return best first
   */
  static List<Candidate> keepBest(List<Candidate> candidates, double maxOverlap, int most) {
    List<Candidate> sorted = candidates.stream().sorted(BEST_FIRST).limit(MAX_CANDIDATES).toList();
    List<Candidate> kept = new ArrayList<>();
    for (Candidate candidate : sorted) {
      if (kept.size() == most) {
        break;
      }
      boolean covered = false;
      for (Candidate better : kept) {
        if (better.label() == candidate.label() && better.overlap(candidate) > maxOverlap) {
          covered = true;
          break;
        }
      }
      if (!covered) {
        kept.add(candidate);
      }
    }
    return kept;
  }
}
