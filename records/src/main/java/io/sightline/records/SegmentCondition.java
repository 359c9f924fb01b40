package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a segment must be like. A small tree, in JSON one of {@code {"and": [..]}}, {@code {"or":
 * [..]}}, {@code {"not": {..}}} or a test such as {@code {"what": "label", "is": ["goal"]}}. At
 * most {@value #MAX_DEPTH} levels and {@value #MAX_TESTS} tests, so that asking costs little.
 */
public sealed interface SegmentCondition
    permits SegmentCondition.And, SegmentCondition.Or, SegmentCondition.Not, SegmentMatch {

  int MAX_DEPTH = 8;
  int MAX_TESTS = 100;

  /** Levels of the tree, 1 for a test. */
  int depth();

  /** Tests in the tree. */
  int tests();

  /** All must hold; none may contradict another. */
  record And(List<SegmentCondition> and) implements SegmentCondition {
    public And {
      and = several("and", and);
      for (SegmentCondition one : and) {
        if (and.contains(new Not(one))) {
          throw new IllegalArgumentException(
              "Conditions under 'and' contradict each other: one stands there as it is and under"
                  + " 'not'; take one of the two away");
        }
      }
      SegmentMatch.requireTogether(
          and.stream()
              .filter(SegmentMatch.class::isInstance)
              .map(SegmentMatch.class::cast)
              .toList());
    }

    @Override
    public int depth() {
      return deepest(and.stream());
    }

    @Override
    public int tests() {
      return sum(and.stream());
    }
  }

  /** One or more must hold. */
  record Or(List<SegmentCondition> or) implements SegmentCondition {
    public Or {
      or = several("or", or);
    }

    @Override
    public int depth() {
      return deepest(or.stream());
    }

    @Override
    public int tests() {
      return sum(or.stream());
    }
  }

  /** It must not hold. */
  record Not(SegmentCondition not) implements SegmentCondition {
    public Not {
      if (not == null) {
        throw new IllegalArgumentException("'not' takes one condition");
      }
      check(deepest(Stream.of(not)), not.tests());
    }

    @Override
    public int depth() {
      return deepest(Stream.of(not));
    }

    @Override
    public int tests() {
      return not.tests();
    }
  }

  /** Reads one of the four forms. */
  @JsonCreator
  static SegmentCondition of(
      @JsonProperty("and") List<SegmentCondition> and,
      @JsonProperty("or") List<SegmentCondition> or,
      @JsonProperty("not") SegmentCondition not,
      @JsonProperty("what") SegmentMatch.What what,
      @JsonProperty("name") String name,
      @JsonProperty("is") List<Object> is,
      @JsonProperty("contains") List<String> contains,
      @JsonProperty("atLeast") Double atLeast,
      @JsonProperty("atMost") Double atMost,
      @JsonProperty("fromMicros") Long fromMicros,
      @JsonProperty("toMicros") Long toMicros) {
    if (Stream.of(and, or, not, what).filter(form -> form != null).count() != 1) {
      throw new IllegalArgumentException(
          "A condition has exactly one of 'and', 'or', 'not' and 'what'; combine several with"
              + " 'and' or 'or'");
    }
    if (what != null) {
      return new SegmentMatch(what, name, is, contains, atLeast, atMost, fromMicros, toMicros);
    }
    if (Stream.of(name, is, contains, atLeast, atMost, fromMicros, toMicros)
        .anyMatch(field -> field != null)) {
      throw new IllegalArgumentException(
          "'name', 'is', 'contains', 'atLeast', 'atMost', 'fromMicros' and 'toMicros' go with"
              + " 'what', in a condition of their own");
    }
    return and != null ? new And(and) : or != null ? new Or(or) : new Not(not);
  }

  private static List<SegmentCondition> several(String word, List<SegmentCondition> branches) {
    if (branches == null || branches.isEmpty() || branches.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("'" + word + "' takes a list of one condition or more");
    }
    check(deepest(branches.stream()), sum(branches.stream()));
    Set<SegmentCondition> different = new HashSet<>(branches);
    if (different.size() < branches.size()) {
      throw new IllegalArgumentException(
          "'" + word + "' has the same condition twice; once is enough");
    }
    return List.copyOf(branches);
  }

  private static void check(int depth, int tests) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "Conditions may stand " + MAX_DEPTH + " levels deep, not " + depth);
    }
    if (tests > MAX_TESTS) {
      throw new IllegalArgumentException(
          "Conditions may have " + MAX_TESTS + " tests, not " + tests);
    }
  }

  private static int deepest(Stream<SegmentCondition> branches) {
    return 1 + branches.mapToInt(SegmentCondition::depth).max().orElse(0);
  }

  private static int sum(Stream<SegmentCondition> branches) {
    return branches.mapToInt(SegmentCondition::tests).sum();
  }
}
