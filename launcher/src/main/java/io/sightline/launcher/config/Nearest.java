package io.sightline.launcher.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known word that somebody probably meant. */
public final class Nearest {

  private static final LevenshteinDistance DISTANCE = new LevenshteinDistance(4);

  private Nearest() {}

  /** The closest of the known words; empty when none is close. */
  public static Optional<String> to(String word, Collection<String> known) {
    record Candidate(String word, int distance) {}
    return known.stream()
        .map(candidate -> new Candidate(candidate, distance(word, candidate)))
        .filter(candidate -> candidate.distance >= 0)
        .filter(candidate -> candidate.distance <= Math.max(1, word.length() / 2))
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  private static int distance(String word, String candidate) {
    return DISTANCE.apply(word.toLowerCase(), candidate.toLowerCase());
  }
}
