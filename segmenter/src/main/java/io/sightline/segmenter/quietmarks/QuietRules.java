package io.sightline.segmenter.quietmarks;

import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where marks may be moved to.
 *
 * @param beforeMicros how far mark-in may move back; 0 to leave it
 * @param afterMicros how far mark-out may move on; 0 to leave it
 * @param leadMicros how much of a pause is kept between the cut and the sound
 * @param quiet labels of stretches in which a cut is good, in lower case
 * @param loud labels of stretches in which it is not, whatever else is heard there, in lower case
 */
record QuietRules(
    long beforeMicros, long afterMicros, long leadMicros, Set<String> quiet, Set<String> loud) {

  static final List<String> DEFAULT_QUIET = List.of("pause", "silence");

  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(3);
  private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);
  private static final Duration DEFAULT_LEAD = Duration.ofMillis(100);
  private static final Duration LONGEST_LEAD = Duration.ofSeconds(1);

  static QuietRules of(Settings settings) {
    long before = micros(settings, "before", DEFAULT_WINDOW, LONGEST_WINDOW);
    long after = micros(settings, "after", DEFAULT_WINDOW, LONGEST_WINDOW);
    if (before == 0 && after == 0) {
      throw settings.wrong(
          "before", "must not be 0s when 'after' is, too: nothing would ever move");
    }
    long lead = micros(settings, "lead", DEFAULT_LEAD, LONGEST_LEAD);
    Set<String> quiet = labels(settings, "quiet", DEFAULT_QUIET);
    Set<String> loud = labels(settings, "loud", List.of());
    if (quiet.isEmpty()) {
      throw settings.wrong("quiet", "needs at least one label, such as 'pause'");
    }
    if (quiet.stream().anyMatch(loud::contains)) {
      throw settings.wrong("loud", "names a label that 'quiet' names, too");
    }
    return new QuietRules(before, after, lead, quiet, loud);
  }

  private static Set<String> labels(Settings settings, String key, List<String> otherwise) {
    List<String> labels = settings.words(key, otherwise);
    if (labels.stream().anyMatch(String::isBlank)) {
      throw settings.wrong(key, "has an empty label");
    }
    return labels.stream()
        .map(label -> label.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static long micros(Settings settings, String key, Duration otherwise, Duration longest) {
    Duration duration = settings.duration(key, otherwise);
    if (duration.compareTo(longest) > 0) {
      throw settings.wrong(key, "must not be longer than " + longest.toSeconds() + "s");
    }
    return Positions.micros(duration);
  }
}
