package io.sightline.segmenter.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.Evidence;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Looks are drawn as one character per 200 ms: {@code x} seen, {@code l} seen with low confidence,
 * {@code .} not seen, {@code ?} failed (no look at all). Results are {@code open 0.4}, {@code close
 * 0.4-2.5 motion}, {@code discard 0.4}.
 */
class PresenceTest {

  private static final String EPOCH = "0000000000000000-local";
  private static final long STEP = 200_000;

  private final List<String> said = new ArrayList<>();
  private final List<Evidence> reasons = new ArrayList<>();

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing seen            | ..........   |
          one sighting            | ..x.......   |
          two sightings open      | ..xx         | open 0.3
          closes half-way         | ..xx......   | open 0.3, close 0.3-0.7 motion
          not before closeAfter   | ..xx....     | open 0.3
          a miss in between       | ..xx.xx....  | open 0.3
          a miss, then closes     | ..xx.xx..... | open 0.3, close 0.3-1.3 motion
          misses below closeAfter | xx...xx      | open 0
          misses of closeAfter    | xx....xx     | open 0, close 0-0.3 motion, open 1.1
          a miss while opening    | x.x.x.xx     | open 1.1
          failed looks open       | x??x         | open 0
          failed looks keep open  | xx????????x  | open 0
          failed looks then gone  | xx??......   | open 0, close 0-0.5 motion
          failed looks after miss | xx.??????xx  | open 0, close 0-0.3 motion, open 1.1
          """)
  void observe_ofLooks_saysSegments(String name, String looks, String expected) {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    draw(presence, looks);

    assertThat(String.join(", ", said)).isEqualTo(expected == null ? "" : expected);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          opens at once        | openAfter=0ms                | ..x         | open 0.3
          one sighting is one  | openAfter=0ms                | ..x......   | open 0.3, close 0.3-0.5 motion
          opens later          | openAfter=600ms              | .xxx        |
          opens later          | openAfter=600ms              | .xxxx       | open 0.1
          closes sooner        | closeAfter=400ms             | xx..        | open 0, close 0-0.3 motion
          closes at a miss     | closeAfter=0ms               | xx.xx       | open 0, close 0-0.2 motion, open 0.6
          padding before       | paddingBefore=200ms          | ..xx        | open 0.1
          padding not too far  | paddingBefore=5s             | ..xx        | open 0
          padding after        | paddingAfter=500ms           | xx......    | open 0, close 0-0.8 motion
          padding is waited for| paddingAfter=2s              | xx......    | open 0
          padding is waited for| paddingAfter=2s              | xx..........| open 0
          padding has passed   | paddingAfter=2s              | xx...........| open 0, close 0-2.3 motion
          padding ends at next | paddingAfter=2s              | xx......xx  | open 0, close 0-1.6 motion, open 1.6
          no padding backwards | paddingBefore=5s             | xx......xx  | open 0, close 0-0.3 motion, open 0.3
          too short            | minLength=1s                 | .xxx......  | open 0.1, discard 0.1
          long enough          | minLength=1s                 | .xxxxxx......| open 0.1, close 0.1-1.3 motion
          padding adds nothing | minLength=1s;paddingBefore=1s| .....xxx......| open 0, discard 0
          divided              | maxLength=1s                 | xxxxxxx     | open 0, close 0-1 motion, open 1
          divided twice        | maxLength=1s                 | xxxxxxxxxxxx| open 0, close 0-1 motion, open 1, close 1-2 motion, open 2
          divided, then gone   | maxLength=1s                 | xxxxxxx.....| open 0, close 0-1 motion, open 1, close 1-1.3 motion
          divided at its end   | maxLength=1s                 | xxxxxx......| open 0, close 0-1 motion
          divided over a miss  | maxLength=1s                 | xxxx..xxx   | open 0, close 0-1 motion, open 1
          """)
  void observe_withSettings_saysSegments(
      String name, String settings, String looks, String expected) {
    Classifier presence = presence(parsed(settings));
    begin(presence, 0);
    draw(presence, looks);

    assertThat(String.join(", ", said)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void observe_belowConfidenceOrOtherLabel_isNotSeen() {
    Classifier presence =
        presence(Map.of("labels", List.of("Person"), "minConfidence", 60, "keepConfidence", 60));
    begin(presence, 0);
    for (int i = 0; i < 5; i++) {
      look(presence, i, detection("person", 59.99), detection("dog", 99));
    }
    look(presence, 5, detection("person", 60));
    look(presence, 6, detection("PERSON", 60));

    assertThat(said).containsExactly("open 0.9");
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          low ones open nothing      | ..llllllllllllllll |
          one high one opens nothing | ..llxll            |
          low ones before a high one | ..llxx             | open 0.3
          not those of long ago      | llllllllxx         | open 1.1
          not those before a miss    | .ll.xx             | open 0.7
          low ones keep it open      | xxlll......        | open 0, close 0-0.9 motion
          but not for long           | xxlllllllll        | open 0
          a coat keeps nothing open  | xxlllllllllllllll  | open 0, close 0-1.3 motion
          low ones between high ones | xxlllllxx          | open 0
          """)
  void observe_ofHighAndLowConfidence_countsLowNextToHigh(
      String name, String looks, String expected) {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    draw(presence, looks);

    assertThat(String.join(", ", said)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void observe_anyLabel_seesAll() {
    Classifier presence = presence(Map.of("labels", "*"));
    begin(presence, 0);
    look(presence, 0, detection("cat", 80));
    look(presence, 1, detection("dog", 80));

    assertThat(said).containsExactly("open 0");
  }

  @Test
  void observe_outsideZones_isNotSeen() {
    Classifier presence = presence(Map.of("zones", List.of("door")));
    begin(presence, 0);
    look(presence, 0, detection("motion", 80).withZones(List.of("street")));
    look(presence, 1, detection("motion", 80).withZones(List.of("street")));
    look(presence, 2, detection("motion", 80).withZones(List.of("street", "door")));
    look(presence, 3, detection("motion", 80).withZones(List.of("door")));

    assertThat(said).containsExactly("open 0.3");
  }

  @Test
  void close_ofSeveralLabels_namesTheHighestSum() {
    Classifier presence = presence(Map.of("labels", List.of("cat", "dog")));
    begin(presence, 0);
    look(presence, 0, detection("cat", 90));
    look(presence, 1, detection("cat", 90));
    look(presence, 2, detection("dog", 80), detection("dog", 70));
    look(presence, 3, detection("dog", 70));
    draw(presence, 4, "......");

    assertThat(said).containsExactly("open 0", "close 0-0.7 dog");
  }

  @Test
  void close_ofEqualSums_namesTheFirstOfTheAlphabet() {
    Classifier presence = presence(Map.of("labels", List.of("cat", "dog")));
    begin(presence, 0);
    look(presence, 0, detection("dog", 90), detection("cat", 90));
    look(presence, 1, detection("dog", 90), detection("cat", 90));
    draw(presence, 2, "......");

    assertThat(said).containsExactly("open 0", "close 0-0.3 cat");
  }

  @Test
  void close_always_saysWhy() {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    draw(presence, "xxx......");

    Evidence why = reasons.get(1);
    assertThat(why.opened())
        .extracting(Evidence.Sighting::positionMicros)
        .containsExactly(0L, 200_000L);
    assertThat(why.closed())
        .extracting(Evidence.Sighting::positionMicros)
        .containsExactly(400_000L);
    assertThat(why.closedBy()).isEqualTo("it was not seen for closeAfter, 1 second");
  }

  @Test
  void observe_ofSound_lastsAsLongAsItIsHeard() {
    Classifier presence = presence(Map.of("labels", "silence"));
    begin(presence, 0);
    listen(presence, 0, 2_000_000, false);
    listen(presence, 2_000_000, 4_000_000, true);
    for (long at = 2_000_000; at < 8_000_000; at += STEP) {
      presence.observe(new Observation(EPOCH, Lane.FRAMES, at, List.of()), output());
    }
    listen(presence, 8_000_000, 10_000_000, true);
    listen(presence, 10_000_000, 12_000_000, false);
    listen(presence, 12_000_000, 14_000_000, false);

    // Nothing was listened to between 4 and 8 seconds, and frames do not tell.
    assertThat(said).containsExactly("open 2", "close 2-10 silence");
  }

  @Test
  void observe_ofSound_doesNotEndWhatIsSeen() {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    look(presence, 0, detection("motion", 80));
    listen(presence, 100_000, 2_000_000, false);
    look(presence, 1, detection("motion", 80));

    assertThat(said).containsExactly("open 0");
  }

  @ParameterizedTest(name = "{0}, {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          still seen           | EPOCH_END   | 0.6 | xx   | open 0, close 0-0.6 motion
          seen, long ago       | EPOCH_END   | 9   | xx   | open 0, close 0-1.2 motion
          gone before the end  | EPOCH_END   | 0.6 | xx.  | open 0, close 0-0.3 motion
          seen once            | EPOCH_END   | 0.4 | .x   |
          given up             | LOST        | 99  | xx   | open 0, close 0-1.2 motion
          another profile      | PROFILE     | 0.5 | xx   | open 0, close 0-0.5 motion
          a later epoch        | EPOCH_BEGIN | 99  | xxx  | open 0, close 0-0.4 motion
          a later epoch        | EPOCH_BEGIN | 99  | xxx. | open 0, close 0-0.5 motion
          stalled              | STALLED     | 99  | xx   | open 0
          """)
  void marker_whileOpen_closesWhereItKnows(
      String name, Marker.Kind kind, double seconds, String looks, String expected) {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    draw(presence, looks);
    presence.marker(marker(kind, Math.round(seconds * 1e6)), output());

    assertThat(String.join(", ", said)).isEqualTo(expected == null ? "" : expected);
  }

  @Test
  void begin_ofNextEpoch_isTheFloorOfItsPadding() {
    Classifier presence = presence(Map.of("paddingBefore", "5s"));
    begin(presence, 0);
    draw(presence, "..........");
    begin(presence, 1_900_000);
    draw(presence, 10, "xx");

    assertThat(said).containsExactly("open 1.9");
  }

  @Test
  void observe_afterAMinuteWithoutLooks_isAnotherSegment() {
    Classifier presence = presence(Map.of());
    begin(presence, 0);
    draw(presence, "xxx");
    look(presence, 500, detection("motion", 80));

    assertThat(said).containsExactly("open 0", "close 0-0.4 motion");
  }

  @Test
  void restore_anywhere_goesOnTheSame() {
    String looks = "..xxx.xx......x.xx?x......xxxxxxxxxxx.";
    Map<String, Object> settings = Map.of("maxLength", "1s", "paddingAfter", "300ms");
    Classifier unbroken = presence(settings);
    begin(unbroken, 0);
    draw(unbroken, looks);
    List<String> expected = List.copyOf(said);

    for (int cut = 0; cut <= looks.length(); cut++) {
      said.clear();
      Classifier before = presence(settings);
      begin(before, 0);
      draw(before, looks.substring(0, cut));
      Classifier after = presence(settings);
      after.restore(before.state());
      draw(after, cut, looks.substring(cut));
      assertThat(said).as("broken off after %s looks", cut).isEqualTo(expected);
      assertThat(after.state()).isEqualTo(unbroken.state());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minConfidence=101               | minConfidence
          openAfter=soon                  | openAfter
          closeAfter=25h                  | closeAfter
          maxLength=500ms                 | maxLength
          minLength=2s;maxLength=1s       | minLength
          paddingBefore=2s;maxLength=2s   | paddingBefore
          label=person                    | label
          """)
  void open_wrongSetting_isNamed(String settings, String key) {
    assertThatThrownBy(() -> presence(parsed(settings)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'presence'")
        .hasMessageContaining("'" + key + "'");
  }

  private Classifier presence(Map<String, Object> settings) {
    return new PresencePlugin().open(new PluginSpec("presence", settings).settings());
  }

  private void begin(Classifier presence, long position) {
    presence.marker(marker(Marker.Kind.EPOCH_BEGIN, position), output());
  }

  private void draw(Classifier presence, String looks) {
    draw(presence, 0, looks);
  }

  private void draw(Classifier presence, int from, String looks) {
    for (int i = 0; i < looks.length(); i++) {
      switch (looks.charAt(i)) {
        case 'x' -> look(presence, from + i, detection("motion", 80));
        case 'l' -> look(presence, from + i, detection("motion", 35));
        case '.' -> look(presence, from + i);
        default -> assertThat(looks.charAt(i)).isEqualTo('?');
      }
    }
  }

  private void look(Classifier presence, int step, Detection... detections) {
    presence.observe(
        new Observation(EPOCH, Lane.FRAMES, step * STEP, List.of(detections)), output());
  }

  private void listen(Classifier presence, long from, long to, boolean silent) {
    Detection silence = new Detection("audio-level", "silence", 90, null, to, 1, null, null, null);
    presence.observe(
        new Observation(EPOCH, Lane.CHUNKS, from, silent ? List.of(silence) : List.of()), output());
  }

  private static Detection detection(String label, double confidence) {
    return Detection.of("test", label, confidence, new Box(0.1, 0.1, 0.2, 0.2));
  }

  private static Marker marker(Marker.Kind kind, long position) {
    Profile profile = new Profile("test", null, null, List.of(new PluginSpec("motion")), List.of());
    return new Marker(kind, "lobby", EPOCH, "live", 0, position, Lane.FRAMES, profile, null, 0);
  }

  private static Map<String, Object> parsed(String settings) {
    Map<String, Object> parsed = new TreeMap<>();
    for (String setting : settings.split(";")) {
      String[] pair = setting.split("=");
      parsed.put(pair[0].strip(), pair[1].strip());
    }
    return parsed;
  }

  private SegmentOutput output() {
    return new SegmentOutput() {
      @Override
      public void open(long start, String label, Map<String, Object> features, Evidence why) {
        said.add("open " + seconds(start));
        reasons.add(why);
      }

      @Override
      public void close(
          long start, long end, String label, Map<String, Object> features, Evidence why) {
        said.add("close " + seconds(start) + "-" + seconds(end) + " " + label);
        reasons.add(why);
      }

      @Override
      public void discard(long start, String reason) {
        said.add("discard " + seconds(start));
      }
    };
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.1f", micros / 1e6).replaceAll("\\.0$", "");
  }
}
