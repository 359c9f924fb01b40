package io.sightline.launcher.playback;

import static io.sightline.launcher.playback.ReelPlayer.UNREADABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.launcher.Browser;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;

/** Plays reels of exact clips by hls.js in a real Chromium, and tells which pictures it shows. */
final class ReelPlayer implements AutoCloseable {

  private static final int RATE = 25;
  private static final long PICTURE = 1_000_000 / RATE;
  private static final int DRAWN_EARLY = 2 * RATE;
  private static final long START = Recording.START;

  /** Nobody sees less. */
  static final int MOST_STALLED_MILLIS = 100;

  /** Of pictures that are too dark to tell which they are. */
  static final int UNREADABLE = -1;

  private final Recording recording;
  private final ReelServer server;
  private final ChromeDriver browser;
  private final List<ClipIndex> clips = new ArrayList<>();
  private final List<Integer> pictures = new ArrayList<>();
  private final List<Integer> firsts = new ArrayList<>();

  private ReelPlayer(Recording recording, ReelServer server, ChromeDriver browser) {
    this.recording = recording;
    this.server = server;
    this.browser = browser;
  }

  /** Without a browser, each test is skipped when it opens the player. */
  static ReelPlayer start(Path folder) throws Exception {
    if (!Browser.isInstalled()) {
      System.out.println(Browser.NOT_INSTALLED);
      return new ReelPlayer(null, null, null);
    }
    Recording recording =
        new Recording("cam").add(TestVideo.plain().sound("aac", 2).pictures(750).file());
    return new ReelPlayer(
        recording, new ReelServer(recording), Browser.start(folder.resolve("browser")));
  }

  /** A player without a reel. */
  void open() {
    Assumptions.assumeTrue(browser != null, Browser.NOT_INSTALLED);
    clips.clear();
    pictures.clear();
    firsts.clear();
    browser.get(server.page());
  }

  @Override
  public void close() throws Exception {
    if (browser != null) {
      browser.quit();
      server.close();
    }
  }

  /** Thirty seconds with two sound tracks. */
  Recording recording() {
    return recording;
  }

  ReelServer server() {
    return server;
  }

  String url(String reel) {
    return server.page() + reel + "/master.m3u8";
  }

  /** Of the reel, in its order. */
  List<ClipIndex> clips() {
    return clips;
  }

  /** The numbers that the reel has to show. */
  List<Integer> pictures() {
    return pictures;
  }

  void add(Recording from, int first, int end) throws Exception {
    CutResult cut =
        Cut.exact(
            "clip" + clips.size() + "-" + from.hashCode(),
            from.chunks(),
            START + first * PICTURE,
            START + end * PICTURE,
            from,
            from);
    assertThat(cut.note()).isNull();
    clips.add(cut.index());
    firsts.add(pictures.size());
    for (int number = first; number < end; number++) {
      pictures.add(number);
    }
  }

  List<Integer> seeks(Random random) {
    return random.ints(10, 0, pictures.size()).boxed().toList();
  }

  /** How many different init parts the pictures of a reel have. */
  long initParts(String reel) throws Exception {
    URI playlist = URI.create(server.page() + reel + "/track-1.m3u8");
    String text =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(playlist).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return text.lines().filter(line -> line.startsWith("#EXT-X-MAP")).distinct().count();
  }

  /** The last picture before, and the first behind, every join of the reel. */
  List<Integer> joins() {
    List<Integer> places = new ArrayList<>();
    for (int first : firsts.subList(1, firsts.size())) {
      places.add(first - 1);
      places.add(first);
    }
    return places;
  }

  Map<String, Object> play(String reel, int speed, List<Integer> seeks) throws Exception {
    return play(reel, speed, seeks, List.of());
  }

  /** Plays a reel once all of it is buffered, so that nobody has to wait for a busy machine. */
  Map<String, Object> playWhole(String reel, int speed, List<Integer> seeks) throws Exception {
    return play(reel, speed, seeks, List.of(), true);
  }

  /**
   * @param changes at which picture, which property of the player, and what it becomes
   */
  Map<String, Object> play(String reel, int speed, List<Integer> seeks, List<List<Object>> changes)
      throws Exception {
    return play(reel, speed, seeks, changes, false);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> play(
      String reel, int speed, List<Integer> seeks, List<List<Object>> changes, boolean whole)
      throws Exception {
    String script = Files.readString(Path.of("src/test/resources/play-reel.js"));
    return (Map<String, Object>)
        browser.executeAsyncScript(script, url(reel), speed, seeks, RATE, changes, whole);
  }

  /** Without a moment at which it would have stood still on any machine. */
  void assertPlayedOn(Map<String, Object> seen) {
    assertPlayed(seen);
    assertThat(stalledMillis(seen)).isLessThan(MOST_STALLED_MILLIS);
  }

  /** How long play stood still where nothing was there to be played, at most. */
  static double stalledMillis(Map<String, Object> seen) {
    return ((Number) seen.get("stalledMillis")).doubleValue();
  }

  @SuppressWarnings("unchecked")
  void assertPlayed(Map<String, Object> seen) {
    List<List<Number>> ranges = (List<List<Number>>) seen.get("ranges");
    double buffered = ranges.get(0).get(1).doubleValue() - ranges.get(0).get(0).doubleValue();
    assertThat(buffered).isBetween(pictures.size() / 25.0 - 0.03, pictures.size() / 25.0 + 0.03);
    assertShown(seen);
  }

  @SuppressWarnings("unchecked")
  void assertShown(Map<String, Object> seen) {
    assertThat((List<String>) seen.get("errors")).isEmpty();
    assertThat((List<?>) seen.get("ranges")).as("buffered: %s", seen.get("ranges")).hasSize(1);
    List<List<Number>> played = (List<List<Number>>) seen.get("played");
    assertThat(played.size()).isGreaterThan(pictures.size() / 20);
    assertInOrder(played);
    assertThat((List<List<Number>>) seen.get("sought"))
        .allSatisfy(
            look ->
                assertThat(look.get(1).intValue())
                    .as("picture %s", look.get(0))
                    .matches(number -> isAt(look.get(0).intValue(), number)));
  }

  private boolean isAt(int place, int number) {
    return pictures.get(place) == UNREADABLE || pictures.get(place) == number;
  }

  /** A busy machine leaves out pictures, and draws one of the next before it tells of one. */
  private void assertInOrder(List<List<Number>> played) {
    int at = 0;
    for (List<Number> look : played) {
      int place = Math.max(at, look.get(0).intValue());
      int near = Math.min(pictures.size(), place + DRAWN_EARLY);
      if (pictures.subList(Math.min(place, near), near).contains(UNREADABLE)) {
        // Somewhere in a fade: its number may be read wrong.
        continue;
      }
      int found = pictures.subList(place, pictures.size()).indexOf(look.get(1).intValue());
      assertThat(found).as("picture %s of %s", look, played).isBetween(0, DRAWN_EARLY);
      at = place + found;
    }
  }
}
