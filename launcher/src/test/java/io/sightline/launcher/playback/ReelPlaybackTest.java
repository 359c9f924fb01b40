package io.sightline.launcher.playback;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.launcher.Browser;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Fade;
import io.sightline.media.cut.FadedClip;
import io.sightline.media.cut.InsertedClip;
import io.sightline.media.cut.Reel;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.RenditionSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.chrome.ChromeDriver;

/** Reels of exact clips, played by hls.js in a real Chromium, picture by picture. */
class ReelPlaybackTest {

  private static final int RATE = 25;
  private static final long PICTURE = 1_000_000 / RATE;
  private static final int DRAWN_EARLY = 2 * RATE;
  private static final long START = Recording.START;

  /** Of pictures that are too dark to tell which they are. */
  private static final int UNREADABLE = -1;

  @TempDir static Path folder;

  private static Recording recording;
  private static ReelServer server;
  private static ChromeDriver browser;

  private final List<ClipIndex> clips = new ArrayList<>();
  private final List<Integer> pictures = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    if (!Browser.isInstalled()) {
      System.out.println(Browser.NOT_INSTALLED);
      return;
    }
    recording = new Recording("cam").add(TestVideo.plain().sound("aac", 2).pictures(750).file());
    server = new ReelServer(recording);
    browser = Browser.start(folder.resolve("browser"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.quit();
      server.close();
    }
  }

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(browser != null, Browser.NOT_INSTALLED);
    browser.get(server.page());
  }

  @Test
  void reelOfSixtyClipsOutOfOrderAndOverlapping_playsEveryJoinAndSeeksExactly() throws Exception {
    Random random = new Random(11);
    for (int clip = 0; clip < 60; clip++) {
      int first = random.nextInt(700);
      add(recording, first, first + 13 + random.nextInt(25));
    }
    server.put("sixty", Reel.join("sixty", clips), true);

    Map<String, Object> seen = play("sixty", 4, seeks(random));

    assertPlayed(seen);
    assertThat(seen.get("audioTracks")).isEqualTo(2L);
  }

  @Test
  void reelOfTwoEncoders_playsEveryJoinAndSeeksExactly() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    Recording other =
        new Recording("other")
            .add(
                TestVideo.plain().sound("aac", 2).codec("libx264", 3).gop(40).pictures(400).file());
    recording.objects().putAll(other.objects());
    Random random = new Random(5);
    for (int clip = 0; clip < 14; clip++) {
      int first = random.nextInt(350);
      add(clip % 2 == 0 ? recording : other, first, first + 15 + random.nextInt(30));
    }
    recording.objects().putAll(other.objects());
    server.put("two", Reel.join("two", clips), true);

    assertPlayed(play("two", 4, seeks(random)));
  }

  @Test
  void reelOfAv1WithEncodedEdges_showsEveryPicture() throws Exception {
    Recording av1 =
        new Recording("av1")
            .add(TestVideo.plain().codec("libsvtav1", 0).gop(40).pictures(200).file());
    recording.objects().putAll(av1.objects());
    add(av1, 27, 98);
    add(av1, 61, 75);
    add(av1, 40, 130);
    recording.objects().putAll(av1.objects());
    server.put("av1", Reel.join("av1", clips), true);

    assertPlayed(play("av1", 4, IntStream.range(0, pictures.size()).boxed().toList()));
  }

  @Test
  void catchUpThatGrowsWhileItIsPlayed_goesOnToItsEnd() throws Exception {
    Random random = new Random(3);
    // Enough for the player to go on with until it looks at the playlist again.
    for (int clip = 0; clip < 8; clip++) {
      int first = random.nextInt(650);
      add(recording, first, first + 50);
    }
    server.put("growing", Reel.join("growing", clips), false);
    server.whenFollowed(
        "growing",
        () -> {
          // Clips become ready while the replay is watched, until it is complete.
          for (int clip = 0; clip < 3 && clips.size() < 14; clip++) {
            int first = random.nextInt(700);
            add(recording, first, first + 40);
          }
          server.put("growing", Reel.join("growing", clips), clips.size() == 14);
          return null;
        });

    Map<String, Object> seen = play("growing", 2, List.of());

    assertPlayed(seen);
  }

  /** While it grows, its last item is held back where its fade begins. */
  @Test
  void catchUpWithFadesAndAClipBetween_goesOnToItsEnd() throws Exception {
    Random random = new Random(17);
    Path video = TestVideo.plain().size(160, 90).pictures(30).sound().file();
    List<FadedClip> faded = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    ClipIndex between = null;
    for (int clip = 0; clip < 10; clip++) {
      int first = random.nextInt(650);
      add(recording, first, first + 90);
      Fade fade = new Fade("black", 400_000, Backdrop.of(0));
      faded.add(FadedClip.of(clips.get(clip), clip == 0 ? null : fade, fade, recording, recording));
      firsts.add(first);
      between =
          between == null
              ? InsertedClip.of(video, clips.get(0), "inserts/x/", recording, recording)
              : between;
    }
    ClipIndex sting = between;
    pictures.clear();
    for (int clip = 0; clip < 10; clip++) {
      for (int number = 0; number < 30 && clip > 0; number++) {
        pictures.add(number);
      }
      for (int number = 0; number < 90; number++) {
        boolean dark = clip > 0 && number < 10 || clip < 9 && number >= 80;
        pictures.add(dark ? UNREADABLE : firsts.get(clip) + number);
      }
    }
    int[] there = {5};
    server.put("faded", joined(faded, sting, there[0], false), false);
    server.whenFollowed(
        "faded",
        () -> {
          there[0] = Math.min(10, there[0] + 2);
          boolean complete = there[0] == 10;
          server.put("faded", joined(faded, sting, there[0], complete), complete);
          return null;
        });

    assertPlayed(play("faded", 2, seeks(random)));
  }

  private static ClipIndex joined(
      List<FadedClip> faded, ClipIndex between, int there, boolean complete) throws Exception {
    List<ClipIndex> reel = new ArrayList<>();
    for (int clip = 0; clip < there; clip++) {
      if (clip > 0) {
        reel.add(between);
      }
      FadedClip one = faded.get(clip);
      reel.add(clip < there - 1 ? one.joined() : complete ? one.last() : one.open());
    }
    return Reel.join("faded", reel);
  }

  @Test
  void renditionAndSoundTrack_changedWhileItPlays_goesOnAndSeeksExactly() throws Exception {
    Random random = new Random(7);
    List<ClipIndex> rendered = new ArrayList<>();
    for (int clip = 0; clip < 8; clip++) {
      int first = random.nextInt(650);
      add(recording, first, first + 50);
      rendered.add(
          RenderedClip.render(
              "rendered" + clip,
              clips.get(clip),
              new RenditionSpec("small", 360, null, null),
              CropPath.MIDDLE,
              recording,
              recording));
    }
    server.put("first", Reel.join("first", clips), "second", Reel.join("second", rendered));

    Map<String, Object> seen =
        play(
            "first",
            2,
            seeks(random),
            List.of(
                List.of(60, "nextLevel", 1),
                List.of(130, "audioTrack", 1),
                List.of(200, "nextLevel", 0),
                List.of(270, "audioTrack", 0)));

    assertShown(seen);
    assertThat(seen.get("changed"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .contains("level 0", "level 1", "sound 0", "sound 1");
  }

  private void add(Recording from, int first, int end) throws Exception {
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
    for (int number = first; number < end; number++) {
      pictures.add(number);
    }
  }

  private List<Integer> seeks(Random random) {
    return random.ints(10, 0, pictures.size()).boxed().toList();
  }

  private static Map<String, Object> play(String reel, int speed, List<Integer> seeks)
      throws Exception {
    return play(reel, speed, seeks, List.of());
  }

  /**
   * @param changes at which picture, which property of the player, and what it becomes
   */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> play(
      String reel, int speed, List<Integer> seeks, List<List<Object>> changes) throws Exception {
    String script = Files.readString(Path.of("src/test/resources/play-reel.js"));
    return (Map<String, Object>)
        browser.executeAsyncScript(
            script, server.page() + reel + "/master.m3u8", speed, seeks, RATE, changes);
  }

  @SuppressWarnings("unchecked")
  private void assertPlayed(Map<String, Object> seen) {
    List<List<Number>> ranges = (List<List<Number>>) seen.get("ranges");
    double buffered = ranges.get(0).get(1).doubleValue() - ranges.get(0).get(0).doubleValue();
    assertThat(buffered).isBetween(pictures.size() / 25.0 - 0.03, pictures.size() / 25.0 + 0.03);
    assertShown(seen);
  }

  @SuppressWarnings("unchecked")
  private void assertShown(Map<String, Object> seen) {
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
