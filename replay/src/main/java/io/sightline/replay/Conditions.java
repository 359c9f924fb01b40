package io.sightline.replay;

import io.sightline.records.Evidence;
import io.sightline.records.Segment;
import io.sightline.records.SegmentCondition;
import io.sightline.records.SegmentMatch;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a segment is as a condition wants it, and the condition in words. */
final class Conditions {

  private static final double MICROS = 1e6;
  private static final String PEAK = "peakConfidence";

  private Conditions() {}

  static boolean hold(SegmentCondition condition, Candidate candidate) {
    if (condition instanceof SegmentCondition.And all) {
      return all.and().stream().allMatch(one -> hold(one, candidate));
    }
    if (condition instanceof SegmentCondition.Or any) {
      return any.or().stream().anyMatch(one -> hold(one, candidate));
    }
    if (condition instanceof SegmentCondition.Not other) {
      return !hold(other.not(), candidate);
    }
    return meets((SegmentMatch) condition, candidate);
  }

  /** The number of that name among a segment's features; {@code otherwise} when it has none. */
  static double number(Segment segment, String name, double otherwise) {
    return segment.features().get(name) instanceof Number number ? number.doubleValue() : otherwise;
  }

  /** For people. */
  static String text(SegmentCondition condition) {
    if (condition instanceof SegmentCondition.And all) {
      return joined(all.and(), " and ");
    }
    if (condition instanceof SegmentCondition.Or any) {
      return joined(any.or(), " or ");
    }
    if (condition instanceof SegmentCondition.Not other) {
      return "not (" + text(other.not()) + ")";
    }
    return text((SegmentMatch) condition);
  }

  private static boolean meets(SegmentMatch match, Candidate candidate) {
    Segment segment = candidate.segment();
    return switch (match.what()) {
      case LABEL -> meets(match, segment.label());
      case TEXT -> texts(segment).anyMatch(text -> contains(match, text));
      case FEATURE -> meetsFeature(match, segment.features().get(match.name()));
      case CONFIDENCE -> within(match, confidence(segment));
      case DURATION_SECONDS -> !segment.open() && within(match, seconds(candidate));
      case TIME ->
          (match.fromMicros() == null || segment.startMicros() >= match.fromMicros())
              && (match.toMicros() == null || segment.startMicros() < match.toMicros());
      case FEEDBACK ->
          match
              .is()
              .contains(candidate.liked() ? "liked" : candidate.disliked() ? "disliked" : "none");
      case STREAM -> match.is().contains(segment.stream());
      case CLASSIFIER -> match.is().contains(segment.classifier());
    };
  }

  /** Of a feature with several values one is enough for each test. */
  private static boolean meetsFeature(SegmentMatch match, Object value) {
    List<?> values = value instanceof Collection<?> several ? List.copyOf(several) : one(value);
    boolean tested =
        !match.is().isEmpty()
            || !match.contains().isEmpty()
            || match.atLeast() != null
            || match.atMost() != null;
    if (!tested) {
      return values.stream().anyMatch(Conditions::there);
    }
    Predicate<Object> inRange =
        held -> held instanceof Number number && within(match, number.doubleValue());
    return (match.is().isEmpty() || values.stream().anyMatch(held -> is(match, held)))
        && (match.contains().isEmpty()
            || values.stream()
                .anyMatch(held -> held instanceof String text && contains(match, text)))
        && (match.atLeast() == null && match.atMost() == null || values.stream().anyMatch(inRange));
  }

  private static List<?> one(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  private static boolean there(Object value) {
    return !Boolean.FALSE.equals(value)
        && !(value instanceof Number number && number.doubleValue() == 0);
  }

  private static boolean meets(SegmentMatch match, String text) {
    return text != null
        && (match.is().isEmpty() || is(match, text))
        && (match.contains().isEmpty() || contains(match, text));
  }

  private static boolean is(SegmentMatch match, Object held) {
    return match.is().stream()
        .anyMatch(
            wanted ->
                wanted instanceof String text && held instanceof String other
                    ? text.equalsIgnoreCase(other)
                    : wanted instanceof Number number && held instanceof Number other
                        ? number.doubleValue() == other.doubleValue()
                        : wanted.equals(held));
  }

  private static boolean contains(SegmentMatch match, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return match.contains().stream()
        .anyMatch(wanted -> lower.contains(wanted.toLowerCase(Locale.ROOT)));
  }

  private static boolean within(SegmentMatch match, double value) {
    return (match.atLeast() == null || value >= match.atLeast())
        && (match.atMost() == null || value <= match.atMost());
  }

  private static double seconds(Candidate candidate) {
    Segment segment = candidate.segment();
    return (segment.endMicros() - segment.startMicros()) / MICROS;
  }

  private static double confidence(Segment segment) {
    double seen =
        segment.why() == null
            ? 0
            : Stream.concat(segment.why().opened().stream(), segment.why().closed().stream())
                .mapToDouble(Evidence.Sighting::confidence)
                .max()
                .orElse(0);
    return Math.max(number(segment, PEAK, 0), seen);
  }

  private static Stream<String> texts(Segment segment) {
    return Stream.concat(
        Stream.ofNullable(segment.label()),
        segment.features().values().stream()
            .flatMap(value -> value instanceof Collection<?> c ? c.stream() : Stream.of(value))
            .filter(String.class::isInstance)
            .map(String.class::cast));
  }

  private static String joined(List<SegmentCondition> branches, String word) {
    return branches.stream()
        .map(one -> one instanceof SegmentMatch ? text(one) : "(" + text(one) + ")")
        .collect(Collectors.joining(word));
  }

  private static String text(SegmentMatch match) {
    StringBuilder text =
        new StringBuilder(match.name() == null ? match.what().id() : "'" + match.name() + "'");
    if (!match.is().isEmpty()) {
      text.append(" is ").append(alternatives(match.is()));
    }
    if (!match.contains().isEmpty()) {
      text.append(" contains ").append(alternatives(match.contains()));
    }
    if (match.atLeast() != null) {
      text.append(" at least ").append(Amounts.number(match.atLeast()));
    }
    if (match.atMost() != null) {
      text.append(" at most ").append(Amounts.number(match.atMost()));
    }
    if (match.fromMicros() != null) {
      text.append(" from ").append(match.fromMicros());
    }
    if (match.toMicros() != null) {
      text.append(" to ").append(match.toMicros());
    }
    return text.toString();
  }

  private static String alternatives(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}
