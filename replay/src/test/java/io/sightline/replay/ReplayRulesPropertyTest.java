package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.ReelDecisions;
import io.sightline.records.ReelFill;
import io.sightline.records.ReelFill.Ties;
import io.sightline.records.ReelFill.Weight;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRules;
import io.sightline.records.ReplayRules.Mode;
import io.sightline.records.Segment;
import io.sightline.records.SegmentCondition;
import io.sightline.records.SegmentMatch;
import io.sightline.records.SegmentMatch.What;
import io.sightline.records.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds of every replay, over many random events and rules; a failure names its seed. */
class ReplayRulesPropertyTest {

  private static final int CASES = 400;
  private static final String[] LABELS = {"goal", "save", "pass", "foul"};

  @Test
  void reel_ofAGivenLength_isNeverLongerThanAllowed() {
    eachCase(
        (event, rules) -> {
          if (rules.mode() == Mode.DURATION) {
            assertThat(event.choose(rules).durationMicros())
                .isLessThanOrEqualTo(rules.fill().limitMicros());
          }
        });
  }

  @Test
  void segments_eachOne_hasOneDecisionWithAReason() {
    eachCase(
        (event, rules) -> {
          List<ReplayItem> items = event.choose(rules).items("r", 1, null);
          assertThat(items)
              .extracting(ReplayItem::segment)
              .containsExactlyInAnyOrderElementsOf(
                  event.segments.stream().map(Segment::id).toList());
          assertThat(items).allSatisfy(item -> assertThat(item.reason()).isNotBlank());
          assertThat(items.stream().filter(ReplayItem::included).map(ReplayItem::order))
              .containsExactlyElementsOf(
                  IntStream.range(0, (int) items.stream().filter(ReplayItem::included).count())
                      .boxed()
                      .toList());
        });
  }

  @Test
  void reel_ofTheSameSegmentsInAnotherOrder_isTheSame() {
    eachCase(
        (event, rules) -> {
          ReplaySelection selection = event.choose(rules);
          Collections.shuffle(event.segments, new Random(7));
          event.feedback.values().forEach(said -> Collections.shuffle(said, new Random(7)));
          assertThat(event.choose(rules)).isEqualTo(selection);
        });
  }

  @Test
  void reel_builtWhileTheEventRuns_endsAsTheOneBuiltAfterIt() {
    eachCase(
        (event, rules) -> {
          ReplaySelection after = event.choose(rules);
          Scene live = new Scene();
          ReplaySelection last = null;
          Random random = new Random(3);
          for (Segment segment : event.segments) {
            live.segments.add(open(segment));
            ReplaySelection before = live.choose(rules);
            boolean never =
                rules.decisions().banned().contains(segment.id())
                    || (rules.mode() == Mode.MANUAL
                        && !rules.decisions().order().contains(segment.id()));
            assertThat(before.waiting() > 0 || never).isTrue();
            live.segments.set(live.segments.size() - 1, segment);
            last = live.choose(rules);
            // Clips come late and in any order.
            if (random.nextBoolean()) {
              live.clips.put(segment.id(), event.clips.get(segment.id()));
            }
            if (event.feedback.containsKey(segment.id())) {
              live.feedback.put(segment.id(), event.feedback.get(segment.id()));
            }
          }
          for (Segment segment : event.segments) {
            live.clips.put(segment.id(), event.clips.get(segment.id()));
            last = live.choose(rules);
            if (rules.mode() == Mode.DURATION) {
              assertThat(last.durationMicros()).isLessThanOrEqualTo(rules.fill().limitMicros());
            }
          }
          if (last != null) {
            assertThat(last).isEqualTo(after);
            assertThat(last.waiting()).isZero();
          }
        });
  }

  @Test
  void reel_playsInOrderOfPosition_butForWhatAPersonOrdered() {
    eachCase(
        (event, rules) -> {
          List<String> ordered = rules.decisions().order();
          List<Segment> reel =
              event.choose(rules).included().stream().map(ReplaySelection.Choice::segment).toList();
          List<Segment> byPosition =
              reel.stream()
                  .sorted((a, b) -> Long.compare(a.startMicros(), b.startMicros()))
                  .toList();
          List<String> placed = reel.stream().map(Segment::id).filter(ordered::contains).toList();
          assertThat(placed)
              .containsExactlyElementsOf(ordered.stream().filter(placed::contains).toList());
          for (int i = 0; i < reel.size(); i++) {
            if (!ordered.contains(reel.get(i).id())) {
              assertThat(reel.get(i)).isEqualTo(byPosition.get(i));
            }
          }
        });
  }

  @Test
  void feedbackAndDecisions_areHonoured() {
    eachCase(
        (event, rules) -> {
          Set<String> in = new HashSet<>();
          ReplaySelection selection = event.choose(rules);
          selection.included().forEach(choice -> in.add(choice.segment().id()));
          ReelDecisions decisions = rules.decisions();
          assertThat(in).noneMatch(decisions.banned()::contains);
          if (rules.mode() == Mode.MANUAL) {
            assertThat(in).isSubsetOf(decisions.order());
            return;
          }
          if (rules.mode() != Mode.DURATION) {
            assertThat(in).containsAll(decisions.locked());
          }
          for (Segment segment : event.segments) {
            int balance = event.balance(segment);
            boolean decided =
                decisions.locked().contains(segment.id())
                    || decisions.banned().contains(segment.id());
            if (decided) {
              continue;
            }
            if (rules.ignoreDisliked() && balance < 0) {
              assertThat(in).doesNotContain(segment.id());
            }
            if (rules.forceLiked() && balance > 0 && rules.mode() != Mode.DURATION) {
              assertThat(in).contains(segment.id());
            }
          }
        });
  }

  @Test
  void skipped_whatFillsByScore_wouldNotHaveFitted() {
    eachCase(
        (event, rules) -> {
          if (rules.mode() != Mode.DURATION || rules.fill().exactFill()) {
            return;
          }
          ReplaySelection selection = event.choose(rules);
          for (ReplaySelection.Choice choice : selection.excluded()) {
            if (choice.reason().contains("do not fit")) {
              Segment segment = choice.segment();
              long length = event.clips.get(segment.id()).get(0).durationMicros();
              assertThat(selection.durationMicros() + length)
                  .isGreaterThan(rules.fill().limitMicros());
            }
          }
        });
  }

  @Test
  void exactFill_isNeverFurtherFromTheTargetThanTheRankingAlone() {
    eachCase(
        (event, rules) -> {
          if (rules.mode() == Mode.DURATION && rules.fill().exactFill()) {
            ReelFill fill = rules.fill();
            ReelFill plain =
                new ReelFill(
                    fill.targetMicros(),
                    fill.toleranceMicros(),
                    fill.weights(),
                    false,
                    false,
                    fill.fillWithOthers(),
                    fill.ties());
            long exact = distance(event.choose(rules), fill);
            long ranked =
                distance(
                    event.choose(
                        new ReplayRules(
                            Mode.DURATION,
                            rules.where(),
                            plain,
                            null,
                            rules.ignoreDisliked(),
                            rules.forceLiked(),
                            rules.decisions())),
                    fill);
            assertThat(exact).isLessThanOrEqualTo(ranked + 100_000);
          }
        });
  }

  /** As it was before it ended, when it seemed to be something else. */
  private static Segment open(Segment segment) {
    return new Segment(
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.classifier(),
        segment.epoch(),
        segment.foundStartMicros(),
        null,
        "foul",
        null,
        null,
        null,
        false,
        1,
        1);
  }

  private static long distance(ReplaySelection selection, ReelFill fill) {
    return Math.abs(selection.durationMicros() - fill.targetMicros());
  }

  private static void eachCase(BiConsumer<Event, ReplayRules> check) {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Event event = new Event(random);
      ReplayRules rules = rules(random, event);
      try {
        check.accept(event, rules);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("With seed " + seed + ": " + rules, e);
      }
    }
  }

  private static ReplayRules rules(Random random, Event event) {
    Mode[] modes = {Mode.ALL, Mode.FEATURES, Mode.DURATION, Mode.DURATION, Mode.MANUAL};
    Mode mode = modes[random.nextInt(modes.length)];
    List<String> ids = new ArrayList<>(event.segments.stream().map(Segment::id).toList());
    Collections.shuffle(ids, random);
    List<String> order = take(ids, random.nextInt(6) + (mode == Mode.MANUAL ? 1 : 0));
    if (mode == Mode.MANUAL && order.isEmpty()) {
      mode = Mode.ALL;
    }
    boolean free = mode != Mode.MANUAL;
    List<String> locked = free ? take(ids, random.nextInt(3)) : List.of();
    List<String> banned =
        free
            ? ids.stream()
                .filter(id -> !order.contains(id) && !locked.contains(id))
                .limit(random.nextInt(3))
                .toList()
            : List.of();
    return new ReplayRules(
        mode,
        mode == Mode.FEATURES || (mode == Mode.DURATION && random.nextBoolean())
            ? condition(random, 0)
            : null,
        mode == Mode.DURATION ? fill(random) : null,
        null,
        free && random.nextBoolean(),
        free && random.nextBoolean(),
        new ReelDecisions(locked, banned, order, List.of()));
  }

  private static List<String> take(List<String> ids, int count) {
    return List.copyOf(ids.subList(0, Math.min(ids.size(), count)));
  }

  private static ReelFill fill(Random random) {
    boolean exact = random.nextInt(3) == 0;
    return new ReelFill(
        1 + random.nextInt(120_000_000),
        (long) random.nextInt(10_000_000),
        List.of(
            new Weight(SegmentMatch.label("goal"), 1 + random.nextInt(100), null),
            new Weight(SegmentMatch.label("save"), 1 + random.nextInt(100), "count"),
            new Weight(
                SegmentMatch.between(What.FEATURE, "count", 2.0, null),
                1 + random.nextInt(100),
                null)),
        exact,
        !exact && random.nextBoolean(),
        random.nextBoolean(),
        Ties.values()[random.nextInt(4)]);
  }

  private static SegmentCondition condition(Random random, int depth) {
    SegmentCondition leaf =
        switch (random.nextInt(5)) {
          case 0 -> SegmentMatch.label(LABELS[random.nextInt(LABELS.length)]);
          case 1 ->
              SegmentMatch.between(What.DURATION_SECONDS, null, random.nextInt(8) + 0.5, null);
          case 2 -> SegmentMatch.between(What.FEATURE, "count", null, (double) random.nextInt(4));
          case 3 -> SegmentMatch.is(What.FEEDBACK, "liked", "none");
          default -> SegmentMatch.feature("crowd");
        };
    if (depth > 2 || random.nextInt(3) == 0) {
      return leaf;
    }
    SegmentCondition other = condition(random, depth + 1);
    if (other.equals(leaf)) {
      return new SegmentCondition.Not(leaf);
    }
    return new SegmentCondition.Or(List.of(leaf, other));
  }

  /** A random event in order of time. */
  private static final class Event {
    final List<Segment> segments;
    final Map<String, List<Clip>> clips;
    final Map<String, List<Feedback>> feedback = new HashMap<>();

    Event(Random random) {
      Scene scene = new Scene();
      double at = 0;
      int count = random.nextInt(60);
      boolean sparse = random.nextInt(4) == 0;
      for (int i = 0; i < count; i++) {
        at += random.nextDouble() * (sparse ? 400 : 20);
        double length = 0.5 + random.nextDouble() * 15;
        Segment segment =
            scene.add(
                at,
                at + length,
                LABELS[random.nextInt(LABELS.length)],
                Map.of("count", random.nextInt(5), "crowd", random.nextBoolean()));
        for (String reviewer : List.of("ana", "ben", "cleo")) {
          if (random.nextInt(5) == 0) {
            scene.say(segment, reviewer, random.nextBoolean() ? Vote.LIKE : Vote.DISLIKE);
          }
        }
        at += random.nextBoolean() ? length : 0.001;
      }
      segments = scene.segments;
      clips = scene.clips;
      feedback.putAll(scene.feedback);
    }

    ReplaySelection choose(ReplayRules rules) {
      return ReplaySelection.of(
          Scene.SELECTION, rules, new ReplayMaterial(segments, clips, feedback), null);
    }

    int balance(Segment segment) {
      return feedback.getOrDefault(segment.id(), List.of()).stream()
          .mapToInt(one -> one.vote() == Vote.LIKE ? 1 : -1)
          .sum();
    }
  }
}
