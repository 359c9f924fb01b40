package io.sightline.alerter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One look a second; results as {@code raise 2} and {@code clear 2-4}, in seconds. */
class LaneWatchTest {

  private final List<WatchRule> rules = List.of(Visits.rule("door", 3));

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nobody               | ......    |
          one visit, one alert | ..xxxx    | raise 2, clear 2-5
          gone for a moment    | x.x..     | raise 0, clear 0-2
          gone for the cooldown| x...      | raise 0, clear 0-0
          two visits           | x...x     | raise 0, clear 0-0, raise 4, clear 4-4
          back at the cooldown | x..x      | raise 0, clear 0-0, raise 3, clear 3-3
          back just before it  | x.x       | raise 0, clear 0-2
          failed looks         | x!!!!!x   | raise 0, clear 0-6
          still there          | xxx       | raise 0, clear 0-2
          """)
  void offer_looks_givesOneAlertPerVisit(String name, String looks, String expected) {
    List<String> told = told(Visits.epoch("lobby", "live", 0, looks));

    assertThat(String.join(", ", told)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void offer_looksFurtherApartThanTheCooldown_areOneVisitIfAllSee() {
    List<StreamItem> items = new ArrayList<>(Visits.epoch("lobby", "live", 0, ""));
    String epoch = items.get(0).epoch();
    List<StreamItem> sparse = new ArrayList<>(items.subList(0, 1));
    for (int i = 0; i < 5; i++) {
      sparse.add(
          Visits.look("lobby", "live", epoch, i + 1, Visits.START + i * 60 * Visits.SECOND, 'x'));
    }

    assertThat(told(sparse)).containsExactly("raise 0");
  }

  @Test
  void offer_noCooldown_isStillOneAlertPerVisit() {
    List<StreamItem> items = Visits.epoch("lobby", "live", 0, "xxx.xx");

    assertThat(told(items, List.of(Visits.rule("door", 0)), new LaneWatch("lobby", "live")))
        .containsExactly("raise 0", "clear 0-2", "raise 4", "clear 4-5");
  }

  @Test
  void offer_visitAcrossEpochs_isOneAlert() {
    List<StreamItem> items = new ArrayList<>(Visits.epoch("lobby", "live", 0, "..xx"));
    items.addAll(Visits.epoch("lobby", "live", 5, "xx....."));

    assertThat(told(items)).containsExactly("raise 2", "clear 2-3", "clear 2-6");
  }

  @Test
  void offer_visitLongAfterTheEpoch_isAnother() {
    List<StreamItem> items = new ArrayList<>(Visits.epoch("lobby", "live", 0, "..xx"));
    items.addAll(Visits.epoch("lobby", "live", 500, "xx"));

    assertThat(told(items)).containsExactly("raise 2", "clear 2-3", "raise 500", "clear 500-501");
  }

  @Test
  void offer_laterEpochWithoutEndOfFormer_endsTheVisit() {
    List<StreamItem> first = Visits.epoch("lobby", "live", 0, "..xx");
    List<StreamItem> items = new ArrayList<>(first.subList(0, first.size() - 2));
    items.addAll(Visits.epoch("lobby", "live", 500, "xx"));

    assertThat(told(items)).containsExactly("raise 2", "clear 2-3", "raise 500", "clear 500-501");
  }

  @Test
  void offer_streamGivenUp_clears() {
    List<StreamItem> items = new ArrayList<>(Visits.epoch("lobby", "live", 0, "..xx"));
    StreamItem last = items.get(5);
    items.subList(6, items.size()).clear();
    items.add(
        new Marker(
            Marker.Kind.LOST,
            "lobby",
            last.epoch(),
            "live",
            99,
            last.positionMicros(),
            Lane.FRAMES,
            null,
            "given up",
            0));

    assertThat(told(items)).containsExactly("raise 2", "clear 2-3");
  }

  @Test
  void offer_ruleThatIsGone_clearsItsVisit() {
    LaneWatch watch = new LaneWatch("lobby", "live");
    List<StreamItem> items = Visits.epoch("lobby", "live", 0, "xxxx");
    List<String> told = told(items.subList(0, 4), rules, watch);
    told.addAll(told(items.subList(4, 5), List.of(), watch));

    assertThat(told).containsExactly("raise 0", "clear 0-1");
  }

  @Test
  void offer_repeatsAndLateOnes_areNotCounted() {
    List<StreamItem> items = Visits.epoch("lobby", "live", 0, "..x..x.");
    List<StreamItem> doubled = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      doubled.addAll(items.subList(Math.max(0, i - 3), i + 1));
      if (items.get(i) instanceof FrameDetections frame) {
        doubled.add(
            new FrameDetections(
                frame.stream(),
                frame.epoch(),
                frame.run(),
                frame.sequence() + 1000,
                frame.positionMicros(),
                0,
                1,
                1,
                frame.detections(),
                null,
                null,
                true));
      }
    }

    assertThat(told(doubled)).isEqualTo(told(items));
  }

  @Test
  void restore_anywhere_goesOnTheSame() {
    List<StreamItem> items = new ArrayList<>(Visits.epoch("lobby", "live", 0, ".xx..x....x"));
    items.addAll(Visits.epoch("lobby", "live", 12, "x....xx"));
    List<String> expected = told(items);
    LaneWatch watch = new LaneWatch("lobby", "live");
    List<String> told = new ArrayList<>();
    for (StreamItem item : items) {
      told.addAll(told(List.of(item), rules, watch));
      watch =
          new LaneWatch(
              "lobby", "live", Json.decode(Json.encode(watch.state()), LaneWatch.State.class));
    }

    assertThat(told).isEqualTo(expected).isNotEmpty();
  }

  @Test
  void offer_firstMatch_isWhatTheAlertShows() {
    List<StreamItem> items = Visits.epoch("lobby", "live", 0, "..xx");
    LaneWatch watch = new LaneWatch("lobby", "live");
    List<VisitChange> changes = new ArrayList<>();
    items.stream()
        .filter(item -> item.lane() == Lane.FRAMES)
        .forEach(item -> watch.offer(item, rules).ifPresent(changes::addAll));

    Visit visit = changes.get(0).visit();
    assertThat(visit.label()).isEqualTo("person");
    assertThat(visit.confidence()).isEqualTo(63);
    assertThat(visit.box()).isNotNull();
    assertThat(visit.pictureKey()).contains("frames/lobby/");
    assertThat(changes.get(1).visit().confidence()).isEqualTo(64);
  }

  private List<String> told(List<StreamItem> items) {
    return told(items, rules, new LaneWatch("lobby", "live"));
  }

  private static List<String> told(List<StreamItem> items, List<WatchRule> rules, LaneWatch watch) {
    List<String> told = new ArrayList<>();
    for (StreamItem item : items) {
      if (item.lane() == Lane.FRAMES) {
        watch.offer(item, rules).orElse(List.of()).forEach(change -> told.add(text(change)));
      }
    }
    return told;
  }

  private static String text(VisitChange change) {
    Visit visit = change.visit();
    return change.over()
        ? "clear " + second(visit.positionMicros()) + "-" + second(visit.lastSeenMicros())
        : "raise " + second(visit.positionMicros());
  }

  private static long second(long position) {
    return (position - Visits.START) / Visits.SECOND;
  }
}
