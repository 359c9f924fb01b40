package io.sightline.segmenter.quietmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.Detection;
import io.sightline.records.Lane;
import io.sightline.records.MarkMove;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Segment;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.Surroundings;
import io.sightline.records.plugin.Surroundings.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions are in milliseconds; the segment lasts from 10 s to 20 s. */
class QuietMarksTest {

  private static final long START = 10_000;
  private static final long END = 20_000;
  private static final Room ALL = new Room(0, Long.MAX_VALUE);

  private final QuietMarksPlugin plugin = new QuietMarksPlugin();

  @Test
  void optimize_pausesOutside_marksMoveIntoTheNearest() {
    OptimizedTrack found =
        one(Map.of(), ALL, pause(7_500, 7_900), pause(8_000, 8_500), pause(21_000, 21_400));

    assertThat(found.startMicros()).isEqualTo(8_400_000);
    assertThat(found.start()).isEqualTo(MarkMove.MOVED);
    assertThat(found.startWhy()).isEqualTo("It moved 1.6 s earlier, into a pause of 0.5 s");
    assertThat(found.endMicros()).isEqualTo(21_100_000);
    assertThat(found.end()).isEqualTo(MarkMove.MOVED);
    assertThat(found.endWhy()).isEqualTo("It moved 1.1 s later, into a pause of 0.4 s");
  }

  @Test
  void optimize_marksInPauses_stay() {
    OptimizedTrack found = one(Map.of(), ALL, pause(9_000, 10_200), pause(20_000, 25_000));

    assertThat(found.startMicros()).isEqualTo(START * 1_000);
    assertThat(found.start()).isEqualTo(MarkMove.ALREADY_QUIET);
    assertThat(found.endMicros()).isEqualTo(END * 1_000);
    assertThat(found.end()).isEqualTo(MarkMove.ALREADY_QUIET);
  }

  @Test
  void optimize_noPauseInTheWindow_staysAndSaysSo() {
    OptimizedTrack found = one(Map.of(), ALL, pause(6_000, 6_999), pause(23_001, 24_000));

    assertThat(found.start()).isEqualTo(MarkMove.NOTHING_FOUND);
    assertThat(found.startWhy()).isEqualTo("It stays: there is no pause within 3 s before it");
    assertThat(found.end()).isEqualTo(MarkMove.NOTHING_FOUND);
    assertThat(found.startMicros()).isEqualTo(START * 1_000);
    assertThat(found.endMicros()).isEqualTo(END * 1_000);
  }

  @Test
  void optimize_pauseThatReachesJustIntoTheWindow_isTakenAsFarAsThat() {
    OptimizedTrack found = one(Map.of(), ALL, pause(6_000, 7_040), pause(22_970, 24_000));

    assertThat(found.startMicros()).isEqualTo(7_000_000);
    assertThat(found.start()).isEqualTo(MarkMove.WINDOW);
    assertThat(found.endMicros()).isEqualTo(23_000_000);
    assertThat(found.end()).isEqualTo(MarkMove.WINDOW);
  }

  @Test
  void optimize_neighbourBetweenMarkAndPause_stays() {
    OptimizedTrack found =
        one(Map.of(), new Room(9_000_000, 20_500_000), pause(8_000, 8_500), pause(21_000, 21_400));

    assertThat(found.start()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(found.startMicros()).isEqualTo(START * 1_000);
    assertThat(found.end()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(found.endMicros()).isEqualTo(END * 1_000);
  }

  @Test
  void optimize_neighbourWithinThePause_isMovedUpToIt() {
    OptimizedTrack found =
        one(Map.of(), new Room(8_450_000, 21_050_000), pause(8_000, 8_500), pause(21_000, 21_400));

    assertThat(found.start()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(found.startMicros()).isEqualTo(8_450_000);
    assertThat(found.end()).isEqualTo(MarkMove.NEIGHBOUR);
    assertThat(found.endMicros()).isEqualTo(21_050_000);
  }

  @Test
  void optimize_eachTrack_hasItsOwnMarks() {
    List<OptimizedTrack> found =
        optimize(
            Map.of(),
            ALL,
            pause(8_000, 8_500),
            new Detection("a", "pause", 100, null, 9_500_000L, 2, null, null, from(9_000)));

    assertThat(found).extracting(OptimizedTrack::audioTrack).containsExactly(1, 2);
    assertThat(found)
        .extracting(OptimizedTrack::startMicros)
        .containsExactly(8_400_000L, 9_400_000L);
  }

  @Test
  void optimize_settings_areHeeded() {
    Detection speech =
        new Detection("a", "Speech", 90, null, 8_600_000L, null, null, null, from(8_300));
    Map<String, Object> settings =
        Map.of("before", "2s", "after", "0s", "lead", "50ms", "loud", List.of("speech"));

    OptimizedTrack found = one(settings, ALL, pause(8_000, 8_500), speech, pause(21_000, 22_000));

    assertThat(found.startMicros()).as("before what is said in the pause").isEqualTo(8_250_000);
    assertThat(found.end()).isEqualTo(MarkMove.NOT_TRIED);
    assertThat(found.endMicros()).isEqualTo(END * 1_000);
  }

  @Test
  void optimize_anything_staysWithinWindowAndRoom_andIsTheSameHoweverItIsHeard() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<long[]> pauses = new ArrayList<>();
      for (long at = random.nextInt(3_000); at < 30_000; ) {
        long to = at + 50 + random.nextInt(1_500);
        pauses.add(new long[] {at, to});
        at = to + 10 + random.nextInt(6_000);
      }
      Room room =
          new Room(1_000 * (START - random.nextInt(5_000)), 1_000 * (END + random.nextInt(5_000)));
      Map<String, Object> settings =
          Map.of("before", 1 + random.nextInt(4) + "s", "after", 1 + random.nextInt(4) + "s");

      OptimizedTrack found = heard(settings, room, chunked(pauses, 2_000)).get(0);

      assertThat(heard(settings, room, chunked(pauses, 1 + random.nextInt(9_000))))
          .as("seed %s", seed)
          .containsExactly(found);
      check(found, pauses, room, settings, seed);
    }
  }

  private static void check(
      OptimizedTrack found,
      List<long[]> pauses,
      Room room,
      Map<String, Object> settings,
      int seed) {
    long before = 1_000_000L * Integer.parseInt(settings.get("before").toString().substring(0, 1));
    long after = 1_000_000L * Integer.parseInt(settings.get("after").toString().substring(0, 1));
    assertThat(found.startMicros())
        .as("mark-in, seed %s", seed)
        .isBetween(Math.max(room.fromMicros(), START * 1_000 - before), START * 1_000);
    assertThat(found.endMicros())
        .as("mark-out, seed %s", seed)
        .isBetween(END * 1_000, Math.min(room.toMicros(), END * 1_000 + after));
    if (found.startMicros() != START * 1_000) {
      assertThat(quiet(pauses, found.startMicros())).as("cut in, seed %s", seed).isTrue();
      assertThat(quietWithin(pauses, found.startMicros() + 100_000, START * 1_000))
          .as("a nearer pause before, seed %s", seed)
          .isFalse();
    }
    if (found.endMicros() != END * 1_000) {
      assertThat(quiet(pauses, found.endMicros())).as("cut out, seed %s", seed).isTrue();
      assertThat(quietWithin(pauses, END * 1_000, found.endMicros() - 100_000))
          .as("a nearer pause behind, seed %s", seed)
          .isFalse();
    }
  }

  private static boolean quiet(List<long[]> pauses, long micros) {
    return pauses.stream()
        .anyMatch(pause -> micros >= pause[0] * 1_000 && micros <= pause[1] * 1_000);
  }

  /** Whether a pause lies wholly between two positions. */
  private static boolean quietWithin(List<long[]> pauses, long from, long to) {
    return pauses.stream().anyMatch(pause -> pause[0] * 1_000 > from && pause[1] * 1_000 < to);
  }

  @ParameterizedTest
  @CsvSource({
    "before, 2m, must not be longer than 60s",
    "after, soon, soon",
    "lead, 5s, must not be longer than 1s",
    "quiet, ' ', has an empty label",
    "loud, pause, names a label that 'quiet' names",
    "window, 3s, is unknown"
  })
  void open_wrongSetting_isRefusedByName(String key, String value, String sentence) {
    assertThatThrownBy(
            () -> plugin.open(new PluginSpec("quietMarks", Map.of(key, value)).settings()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Plugin 'quiet-marks', setting '" + key + "'")
        .hasMessageContaining(sentence);
  }

  @Test
  void open_bothEndsStay_isRefused() {
    assertThatThrownBy(
            () ->
                plugin.open(
                    new PluginSpec("quietMarks", Map.of("before", "0s", "after", "0s")).settings()))
        .hasMessageContaining("nothing would ever move");
  }

  @Test
  void check_nothingReportsPauses_isRefused() {
    assertThatThrownBy(() -> plugin.check(profile(new PluginSpec("audioLevel"), Map.of())))
        .hasMessageContaining("add { use: audioLevel, pauseFor: 200ms } to its analyzers");
    plugin.check(profile(new PluginSpec("audioLevel", Map.of("pauseFor", "200ms")), Map.of()));
    plugin.check(profile(new PluginSpec("audioLevel"), Map.of("quiet", "silence")));
    plugin.check(profile(new PluginSpec("our-own"), Map.of("quiet", "breath")));
  }

  private static Profile profile(PluginSpec analyzer, Map<String, Object> settings) {
    return new Profile(
        "talks", null, null, List.of(analyzer), List.of(), new PluginSpec("quietMarks", settings));
  }

  private OptimizedTrack one(Map<String, Object> settings, Room room, Detection... detections) {
    List<OptimizedTrack> found = optimize(settings, room, detections);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private List<OptimizedTrack> optimize(
      Map<String, Object> settings, Room room, Detection... detections) {
    return heard(
        settings, room, List.of(new Observation("e", Lane.CHUNKS, 0, List.of(detections))));
  }

  private List<OptimizedTrack> heard(
      Map<String, Object> settings, Room room, List<Observation> heard) {
    Segment segment =
        new Segment(
            "lobby.live.presence.0000000010000000",
            "lobby",
            "live",
            "presence",
            "e",
            START * 1_000,
            END * 1_000,
            "talk",
            null,
            null,
            null,
            false,
            1,
            1);
    return plugin
        .open(new PluginSpec("quiet-marks", settings).settings())
        .optimize(new Surroundings(segment, heard, room, Map.of()));
  }

  /** As an analyzer reports them: those that go on at the end of a chunk again with the next. */
  private static List<Observation> chunked(List<long[]> pauses, long chunk) {
    List<Observation> heard = new ArrayList<>();
    for (long at = 0; at < 33_000; at += chunk) {
      List<Detection> detections = new ArrayList<>();
      for (long[] pause : pauses) {
        if (pause[0] < at + chunk && pause[1] > at) {
          detections.add(pause(pause[0], Math.min(pause[1], at + chunk)));
        }
      }
      detections.add(
          new Detection("a", "audio-level", 50, null, 1_000 * (at + chunk), 1, null, null, null));
      heard.add(new Observation("e", Lane.CHUNKS, 1_000 * at, detections));
    }
    return heard;
  }

  private static Detection pause(long fromMillis, long toMillis) {
    return new Detection(
        "a", "pause", 100, null, 1_000 * toMillis, 1, null, null, from(fromMillis));
  }

  private static Map<String, Object> from(long fromMillis) {
    return Map.of("fromMicros", 1_000 * fromMillis);
  }
}
