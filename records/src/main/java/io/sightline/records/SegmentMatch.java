package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One test of a segment: all that it names must hold. Text is compared without regard to case.
 *
 * @param what is looked at
 * @param name of the feature, with {@code feature} only
 * @param is one of these values: text, numbers, truths; empty for no such test
 * @param contains one of these texts, anywhere in it; empty for no such test
 * @param atLeast lowest value, inclusive; null for no bound
 * @param atMost highest value, inclusive; null for no bound
 * @param fromMicros position at or after which a segment starts, with {@code time} only
 * @param toMicros position before which a segment starts, with {@code time} only
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SegmentMatch(
    What what,
    String name,
    List<Object> is,
    List<String> contains,
    Double atLeast,
    Double atMost,
    Long fromMicros,
    Long toMicros)
    implements SegmentCondition {

  private static final int MAX_VALUES = 100;
  private static final int MAX_CHARACTERS = 200;
  private static final Set<String> FEEDBACK = Set.of("liked", "disliked", "none");

  /** What of a segment is looked at, and which fields say what it must be. */
  public enum What {
    /** Its label, as people see it. */
    @JsonProperty("label")
    LABEL("is", "contains"),
    /** Its label and all texts among its features. */
    @JsonProperty("text")
    TEXT("contains"),
    /** One of its features; with the name alone: that it is there, and neither false nor 0. */
    @JsonProperty("feature")
    FEATURE("name", "is", "contains", "atLeast", "atMost"),
    /** The highest confidence of what was seen, 0 to 100. */
    @JsonProperty("confidence")
    CONFIDENCE("atLeast", "atMost"),
    /** How long it is between its marks, in seconds. */
    @JsonProperty("durationSeconds")
    DURATION_SECONDS("atLeast", "atMost"),
    /** Where it starts. */
    @JsonProperty("time")
    TIME("fromMicros", "toMicros"),
    /** What its reviewers say: {@code liked}, {@code disliked}, or {@code none} of the two. */
    @JsonProperty("feedback")
    FEEDBACK("is"),
    /** The stream it is of. */
    @JsonProperty("stream")
    STREAM("is"),
    /** The plugin that found it. */
    @JsonProperty("classifier")
    CLASSIFIER("is");

    private final List<String> fields;

    What(String... fields) {
      this.fields = List.of(fields);
    }

    /** As it stands in JSON. */
    public String id() {
      return this == DURATION_SECONDS ? "durationSeconds" : name().toLowerCase(Locale.ROOT);
    }
  }

  public SegmentMatch {
    is = is == null ? List.of() : List.copyOf(is);
    contains = contains == null ? List.of() : List.copyOf(contains);
    if (what == null) {
      throw new IllegalArgumentException("A test says 'what' it looks at: one of " + ids());
    }
    List<String> given = given(name, is, contains, atLeast, atMost, fromMicros, toMicros);
    for (String field : given) {
      if (!what.fields.contains(field)) {
        throw wrong(what, "'" + field + "' means nothing here; it takes " + what.fields);
      }
    }
    if (what == What.FEATURE && (name == null || name.isBlank())) {
      throw wrong(what, "'name' says which feature");
    }
    if (given.isEmpty()) {
      throw wrong(what, "nothing is asked; it takes " + what.fields);
    }
    requireShort(what, name, is, contains);
    requireRange(what, atLeast, atMost);
    if (fromMicros != null && toMicros != null && toMicros <= fromMicros) {
      throw wrong(what, "'toMicros' must lie after 'fromMicros'");
    }
    if (what == What.FEEDBACK && !FEEDBACK.containsAll(is)) {
      throw wrong(what, "'is' takes liked, disliked and none");
    }
  }

  public static SegmentMatch label(String... labels) {
    return is(What.LABEL, (Object[]) labels);
  }

  public static SegmentMatch is(What what, Object... values) {
    return new SegmentMatch(what, null, List.of(values), null, null, null, null, null);
  }

  /** That a feature is there, and neither false nor 0. */
  public static SegmentMatch feature(String name) {
    return new SegmentMatch(What.FEATURE, name, null, null, null, null, null, null);
  }

  /**
   * @param name of the feature; null with others
   * @param atLeast null for no bound
   * @param atMost null for no bound
   */
  public static SegmentMatch between(What what, String name, Double atLeast, Double atMost) {
    return new SegmentMatch(what, name, null, null, atLeast, atMost, null, null);
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public int tests() {
    return 1;
  }

  /** Refuses tests of which no segment can meet all. */
  static void requireTogether(List<SegmentMatch> tests) {
    for (int i = 0; i < tests.size(); i++) {
      for (int j = 0; j < i; j++) {
        SegmentMatch one = tests.get(j);
        SegmentMatch other = tests.get(i);
        if (one.sameThing(other) && one.excludes(other)) {
          throw new IllegalArgumentException(
              "Two conditions under 'and' contradict each other: no "
                  + other.what.id()
                  + " meets both; put them under 'or', or take one away");
        }
      }
    }
  }

  /** Of a feature with several values each test may be met by another one. */
  private boolean sameThing(SegmentMatch other) {
    return what == other.what && what != What.FEATURE && what != What.TEXT;
  }

  private boolean excludes(SegmentMatch other) {
    return (!is.isEmpty()
            && !other.is.isEmpty()
            && is.stream().noneMatch(a -> other.is.stream().anyMatch(b -> same(a, b))))
        || above(atLeast, other.atMost)
        || above(other.atLeast, atMost)
        || atOrAbove(fromMicros, other.toMicros)
        || atOrAbove(other.fromMicros, toMicros);
  }

  private static boolean same(Object one, Object other) {
    return one.toString().equalsIgnoreCase(other.toString());
  }

  private static boolean above(Double least, Double most) {
    return least != null && most != null && least > most;
  }

  private static boolean atOrAbove(Long from, Long to) {
    return from != null && to != null && from >= to;
  }

  private static List<String> given(
      String name,
      List<Object> is,
      List<String> contains,
      Double atLeast,
      Double atMost,
      Long fromMicros,
      Long toMicros) {
    List<String> given = new ArrayList<>();
    add(given, "name", name != null);
    add(given, "is", !is.isEmpty());
    add(given, "contains", !contains.isEmpty());
    add(given, "atLeast", atLeast != null);
    add(given, "atMost", atMost != null);
    add(given, "fromMicros", fromMicros != null);
    add(given, "toMicros", toMicros != null);
    return given;
  }

  private static void add(List<String> given, String field, boolean there) {
    if (there) {
      given.add(field);
    }
  }

  private static void requireShort(What what, String name, List<Object> is, List<String> contains) {
    if (is.size() > MAX_VALUES || contains.size() > MAX_VALUES) {
      throw wrong(what, "'is' and 'contains' take " + MAX_VALUES + " values at most");
    }
    List<Object> texts = new ArrayList<>(is);
    texts.addAll(contains);
    if (name != null) {
      texts.add(name);
    }
    for (Object value : texts) {
      boolean plain = value instanceof String || what == What.FEATURE && isNumberOrTruth(value);
      if (!plain) {
        throw wrong(
            what,
            what == What.FEATURE
                ? "values are text, numbers, or true and false"
                : "values are text");
      }
      if (value instanceof String text && (text.isBlank() || text.length() > MAX_CHARACTERS)) {
        throw wrong(what, "a text has 1 to " + MAX_CHARACTERS + " characters");
      }
    }
  }

  private static boolean isNumberOrTruth(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  private static void requireRange(What what, Double atLeast, Double atMost) {
    double lowest = what == What.FEATURE ? -Double.MAX_VALUE : 0;
    double highest = what == What.CONFIDENCE ? 100 : Double.MAX_VALUE;
    for (Double bound : new Double[] {atLeast, atMost}) {
      if (bound != null && !(bound >= lowest && bound <= highest)) {
        throw wrong(
            what,
            what == What.CONFIDENCE
                ? "bounds lie between 0 and 100, not at " + bound
                : "bounds are numbers" + (lowest == 0 ? " from 0" : "") + ", not " + bound);
      }
    }
    if (above(atLeast, atMost)) {
      throw wrong(what, "'atMost' (" + atMost + ") must not lie below 'atLeast' (" + atLeast + ")");
    }
  }

  private static IllegalArgumentException wrong(What what, String sentence) {
    return new IllegalArgumentException("The condition on " + what.id() + ": " + sentence);
  }

  private static List<String> ids() {
    return EnumSet.allOf(What.class).stream().map(What::id).toList();
  }
}
