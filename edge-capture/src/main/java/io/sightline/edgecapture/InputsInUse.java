package io.sightline.edgecapture;

import io.sightline.records.InputInUse;
import io.sightline.records.InputUse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which inputs a stream is made of now, one for each use. Thread-safe. */
final class InputsInUse {

  /** One of them, and whether it has a backup or is one. */
  private record Known(InputInUse input, boolean oneOfSeveral) {}

  private final Map<String, Known> known = new TreeMap<>(Comparator.reverseOrder());
  private long switches;

  /**
   * From now on the stream is made of it.
   *
   * @param oneOfSeveral whether it has a backup or is one
   */
  synchronized void now(InputInUse input, boolean oneOfSeveral) {
    Known before = known.put(uses(input.use()), new Known(input, oneOfSeveral));
    if (before != null && before.input().index() != input.index()) {
      switches++;
    }
  }

  /** Nothing is captured now. */
  synchronized void none() {
    known.clear();
  }

  /** The one in use for the same is laid with an offset. */
  synchronized void laid(Set<InputUse> use, long micros, InputInUse.OffsetFrom from) {
    known.computeIfPresent(
        uses(use),
        (key, before) -> new Known(before.input().laid(micros, from), before.oneOfSeveral()));
  }

  /** What is recorded first. */
  synchronized List<InputInUse> list() {
    return known.values().stream().map(Known::input).toList();
  }

  /** How often one gave way to another. */
  synchronized long switches() {
    return switches;
  }

  /** For the record: which of several they are, without credentials; null when each is alone. */
  synchronized String describe() {
    List<String> parts = new ArrayList<>();
    for (Known each : known.values()) {
      if (each.oneOfSeveral()) {
        String name = name(each.input().index()) + " (" + each.input().url() + ")";
        parts.add(known.size() == 1 ? name : uses(each.input().use()) + ": " + name);
      }
    }
    return parts.isEmpty() ? null : String.join(", ", parts);
  }

  /** Of several inputs: which one, for messages. */
  static String name(int index) {
    return index == 0 ? "the main input" : "backup " + index;
  }

  private static String uses(Set<InputUse> uses) {
    return uses.stream()
        .sorted()
        .map(use -> use == InputUse.RECORD ? "recorded" : "analyzed")
        .collect(Collectors.joining(" and "));
  }
}
