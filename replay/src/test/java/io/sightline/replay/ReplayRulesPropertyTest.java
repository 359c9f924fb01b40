package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
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
  private static final String NO_CLIP = "it has no clip: it broke";
  private static final String[] LABELS = {"goal", "save", "pass", "foul"};

  @Test
  void reel_ofAGivenLength_isNeverLongerThanAllowed() {
    eachCase(
        (event, rules) -> {
          if (rules.mode() == Mode.DURATION) {
            assertThat(event.length(event.choose(rules)))
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
                  event.candidates(rules).stream().map(Candidate::id).toList());
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
          Event live = event.atItsBeginning();
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
              assertThat(live.length(last)).isLessThanOrEqualTo(rules.fill().limitMicros());
            }
          }
          for (Segment cut : Cuts.of(Scene.SELECTION, rules, event.segments)) {
            live.clips.put(cut.id(), event.clips.get(cut.id()));
            last = live.choose(rules);
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
          if (rules.mode() == Mode.TIMESTAMPS) {
            List<String> asked =
                new ArrayList<>(
                    Cuts.of(Scene.SELECTION, rules, List.of()).stream().map(Segment::id).toList());
            List<ReplaySelection.Choice> out = event.choose(rules).excluded();
            out.forEach(choice -> asked.remove(choice.segment().id()));
            assertThat(event.choose(rules).included())
                .extracting(choice -> choice.segment().id())
                .containsExactlyElementsOf(asked);
            assertThat(out).extracting(ReplaySelection.Choice::reason).allMatch(NO_CLIP::equals);
            return;
          }
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
          if (rules.mode() == Mode.MANUAL || rules.mode() == Mode.TIMESTAMPS) {
            assertThat(in).isSubsetOf(named(rules));
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

  private static Set<String> named(ReplayRules rules) {
    Set<String> named = new HashSet<>(rules.decisions().order());
    Cuts.of(Scene.SELECTION, rules, List.of()).forEach(cut -> named.add(cut.id()));
    return named;
  }

  /** Locked ones come before liked ones, these before all others; each in if it fits then. */
  @Test
  void lockedAndLiked_inAReelOfAGivenLength_areInUnlessTheyDoNotFitBesideEachOther() {
    eachCase(
        (event, rules) -> {
          if (rules.mode() != Mode.DURATION) {
            return;
          }
          ReplaySelection selection = event.choose(rules);
          Set<String> in = new HashSet<>();
          selection.included().forEach(choice -> in.add(choice.segment().id()));
          List<Candidate> locked = new ArrayList<>();
          List<Candidate> liked = new ArrayList<>();
          for (Candidate one : event.candidates(rules)) {
            if (rules.decisions().locked().contains(one.id())) {
              locked.add(one);
            } else if (rules.forceLiked()
                && one.liked()
                && !rules.decisions().banned().contains(one.id())) {
              liked.add(one);
            }
          }
          assertThat(event.fitsNoneOfTheOthers(locked, locked, in, rules)).isTrue();
          List<Candidate> before = new ArrayList<>(locked);
          before.addAll(liked);
          assertThat(event.fitsNoneOfTheOthers(liked, before, in, rules)).isTrue();
        });
  }

  @Test
  void trimsAndSoundTracks_playWithTheirMarksOrSayWhyNot() {
    eachCase(
        (event, rules) -> {
          Map<String, ReelDecisions.Trim> trims = new HashMap<>();
          rules.decisions().trims().forEach(trim -> trims.put(trim.segment(), trim));
          for (ReplaySelection.Choice choice : event.choose(rules).included()) {
            Segment segment = choice.segment();
            ReelDecisions.Trim trim = trims.get(segment.id());
            Clip clip = choice.clip();
            if (trim != null && event.isReady(Cuts.of(segment, trim).id())) {
              assertThat(clip.segment()).isEqualTo(Cuts.of(segment, trim).id());
              assertThat(choice.startMicros()).isEqualTo(trim.startMicros());
              assertThat(choice.reason()).endsWith("; trimmed for this replay");
            } else if (trim != null) {
              assertThat(clip.segment()).isEqualTo(segment.id());
              assertThat(clip.original()).isTrue();
              assertThat(choice.startMicros()).isEqualTo(segment.startMicros());
              assertThat(choice.reason())
                  .endsWith("; it cannot be trimmed for this replay and plays as it was: it broke");
            } else if (event.audioTrack != null && segment.optimized() != null) {
              boolean cut =
                  event.clips.get(segment.id()).stream()
                      .anyMatch(
                          one ->
                              one.audioTrack() == event.audioTrack
                                  && one.state() == MediaState.READY);
              assertThat(clip.original()).isEqualTo(!cut);
              assertThat(clip.audioTrack()).isEqualTo(cut ? event.audioTrack : 0);
              assertThat(choice.reason()).contains("sound track " + event.audioTrack);
            } else {
              assertThat(clip.original()).isTrue();
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
          Map<String, Candidate> candidates = new HashMap<>();
          event.candidates(rules).forEach(one -> candidates.put(one.id(), one));
          for (ReplaySelection.Choice choice : selection.excluded()) {
            if (choice.reason().contains("do not fit")) {
              long length = candidates.get(choice.segment().id()).lengthMicros();
              int items = selection.included().size() + 1;
              assertThat(event.length(selection.durationMicros() + length, items))
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
            long exact = distance(event.length(event.choose(rules)), fill);
            long ranked =
                distance(
                    event.length(
                        event.choose(
                            new ReplayRules(
                                Mode.DURATION,
                                rules.where(),
                                plain,
                                null,
                                rules.ignoreDisliked(),
                                rules.forceLiked(),
                                rules.decisions()))),
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

  private static long distance(long lengthMicros, ReelFill fill) {
    return Math.abs(lengthMicros - fill.targetMicros());
  }

  private static void eachCase(BiConsumer<Event, ReplayRules> check) {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Event event = new Event(random);
      ReplayRules rules = rules(random, event);
      event.cut(random, rules);
      try {
        check.accept(event, rules);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("With seed " + seed + ": " + rules, e);
      }
    }
  }

  private static ReplayRules rules(Random random, Event event) {
    Mode[] modes = {
      Mode.ALL, Mode.FEATURES, Mode.DURATION, Mode.DURATION, Mode.MANUAL, Mode.TIMESTAMPS
    };
    Mode mode = modes[random.nextInt(modes.length)];
    if (mode == Mode.TIMESTAMPS) {
      return new ReplayRules(mode, null, null, stretches(random), false, false, null);
    }
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
        new ReelDecisions(locked, banned, order, trims(random, event)));
  }

  private static List<ReplayRules.Stretch> stretches(Random random) {
    Set<ReplayRules.Stretch> stretches = new HashSet<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      long start = Scene.START + random.nextInt(600_000_000);
      stretches.add(
          new ReplayRules.Stretch("court", start, start + 1 + random.nextInt(20_000_000)));
    }
    return List.copyOf(stretches);
  }

  private static List<ReelDecisions.Trim> trims(Random random, Event event) {
    List<ReelDecisions.Trim> trims = new ArrayList<>();
    for (Segment segment : event.segments) {
      if (random.nextInt(6) == 0) {
        long start = segment.startMicros() + random.nextInt(300_000);
        trims.add(
            new ReelDecisions.Trim(
                segment.id(), start, start + 100_000 + random.nextInt(20_000_000)));
      }
    }
    return trims;
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

  /** A random event in order of time, and what is asked beside the rules. */
  private static final class Event {

    private static final Interludes[] BESIDE = {
      Interludes.NONE,
      new Interludes(5_000_000, 2_000_000, 5_000_000),
      new Interludes(0, 700_000, 0)
    };

    final List<Segment> segments;
    final Map<String, List<Clip>> clips;
    final Map<String, List<Feedback>> feedback = new HashMap<>();
    final Integer audioTrack;
    final Interludes beside;

    Event(Random random) {
      Scene scene = new Scene();
      segments = scene.segments;
      clips = scene.clips;
      audioTrack = random.nextBoolean() ? null : Integer.valueOf(1 + random.nextInt(2));
      beside = BESIDE[random.nextInt(BESIDE.length)];
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
        if (random.nextInt(3) == 0) {
          optimize(random, segment);
        }
        at += random.nextBoolean() ? length : 0.001;
      }
      feedback.putAll(scene.feedback);
    }

    private Event(Event other) {
      segments = new ArrayList<>();
      clips = new HashMap<>();
      audioTrack = other.audioTrack;
      beside = other.beside;
    }

    /** The same before anything was found. */
    Event atItsBeginning() {
      return new Event(this);
    }

    /** Gives it other marks for both sound tracks, one or the other of which cannot be cut. */
    private void optimize(Random random, Segment segment) {
      List<OptimizedTrack> tracks = new ArrayList<>();
      List<Clip> all = new ArrayList<>(clips.get(segment.id()));
      for (int track = 1; track <= 2; track++) {
        long start = segment.startMicros() - random.nextInt(2_000_000);
        long end = segment.endMicros() + 1 + random.nextInt(2_000_000);
        tracks.add(
            new OptimizedTrack(track, start, end, MarkMove.MOVED, null, MarkMove.MOVED, null));
        MediaState state = random.nextInt(4) == 0 ? MediaState.FAILED : MediaState.READY;
        all.add(Scene.optimized(segment, track, start, end, state));
      }
      clips.put(segment.id(), all);
      segments.set(
          segments.size() - 1,
          segment.with(new OptimizedMarks(new PluginSpec("quietMarks"), 1, 2, tracks, null), 2));
    }

    /** What the clipper makes of stretches and trims: of some nothing. */
    void cut(Random random, ReplayRules rules) {
      for (Segment cut : Cuts.of(Scene.SELECTION, rules, segments)) {
        Clip clip = Scene.clip(cut);
        clips.put(
            cut.id(), List.of(random.nextInt(4) == 0 ? Scene.failed(clip, "it broke") : clip));
      }
    }

    boolean isReady(String segment) {
      return clips.get(segment).get(0).state() == MediaState.READY;
    }

    ReplaySelection choose(ReplayRules rules) {
      return ReplaySelection.of(Scene.SELECTION, rules, material(), audioTrack, beside);
    }

    List<Candidate> candidates(ReplayRules rules) {
      return material().candidates(Scene.SELECTION, rules, audioTrack);
    }

    private ReplayMaterial material() {
      return new ReplayMaterial(segments, clips, feedback);
    }

    /** With all that plays beside its items. */
    long length(ReplaySelection selection) {
      return length(selection.durationMicros(), selection.included().size());
    }

    long length(long itemsMicros, int items) {
      return items == 0
          ? 0
          : itemsMicros
              + beside.introMicros()
              + beside.outroMicros()
              + (items - 1) * beside.betweenMicros();
    }

    /** Whether none of those that are out would fit beside those of {@code before} that are in. */
    boolean fitsNoneOfTheOthers(
        List<Candidate> of, List<Candidate> before, Set<String> in, ReplayRules rules) {
      List<Candidate> there = before.stream().filter(one -> in.contains(one.id())).toList();
      long together = there.stream().mapToLong(Candidate::lengthMicros).sum();
      return of.stream()
          .filter(one -> !in.contains(one.id()))
          .allMatch(
              one ->
                  length(together + one.lengthMicros(), there.size() + 1)
                      > rules.fill().limitMicros());
    }

    int balance(Segment segment) {
      return feedback.getOrDefault(segment.id(), List.of()).stream()
          .mapToInt(one -> one.vote() == Vote.LIKE ? 1 : -1)
          .sum();
    }
  }
}
