package io.sightline.launcher.playback;

import static io.sightline.launcher.playback.ReelPlayer.UNREADABLE;

import io.sightline.media.cut.Fade;
import io.sightline.media.cut.FadedClip;
import io.sightline.media.cut.InsertedClip;
import io.sightline.media.cut.Reel;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reels that grow while hls.js plays them in a real Chromium, picture by picture. */
class CatchUpPlaybackTest {

  @TempDir static Path folder;

  private static ReelPlayer player;

  @BeforeAll
  static void start() throws Exception {
    player = ReelPlayer.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    player.close();
  }

  @BeforeEach
  void open() {
    player.open();
  }

  @Test
  void catchUpThatGrowsWhileItIsPlayed_goesOnToItsEnd() throws Exception {
    Random random = new Random(3);
    // Enough for the player to go on with until it looks at the playlist again.
    for (int clip = 0; clip < 8; clip++) {
      int first = random.nextInt(650);
      player.add(player.recording(), first, first + 50);
    }
    player.server().put("growing", Reel.join("growing", player.clips()), false);
    player
        .server()
        .whenFollowed(
            "growing",
            () -> {
              // Clips become ready while the replay is watched, until it is complete.
              for (int clip = 0; clip < 3 && player.clips().size() < 14; clip++) {
                int first = random.nextInt(700);
                player.add(player.recording(), first, first + 40);
              }
              player
                  .server()
                  .put(
                      "growing", Reel.join("growing", player.clips()), player.clips().size() == 14);
              return null;
            });

    Map<String, Object> seen = player.play("growing", 2, List.of());

    player.assertPlayed(seen);
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
      player.add(player.recording(), first, first + 90);
      Fade fade = new Fade("black", 400_000, Backdrop.of(0));
      faded.add(
          FadedClip.of(
              player.clips().get(clip),
              clip == 0 ? null : fade,
              fade,
              "clips/" + player.clips().get(clip).clip() + "/",
              player.recording(),
              player.recording()));
      firsts.add(first);
      between =
          between == null
              ? InsertedClip.of(
                  video,
                  player.clips().get(0),
                  "inserts/x/",
                  1,
                  player.recording(),
                  player.recording())
              : between;
    }
    ClipIndex sting = between;
    player.pictures().clear();
    for (int clip = 0; clip < 10; clip++) {
      for (int number = 0; number < 30 && clip > 0; number++) {
        player.pictures().add(number);
      }
      for (int number = 0; number < 90; number++) {
        boolean dark = clip > 0 && number < 10 || clip < 9 && number >= 80;
        player.pictures().add(dark ? UNREADABLE : firsts.get(clip) + number);
      }
    }
    int[] there = {5};
    player.server().put("faded", joined(faded, sting, there[0], false), false);
    player
        .server()
        .whenFollowed(
            "faded",
            () -> {
              there[0] = Math.min(10, there[0] + 2);
              boolean complete = there[0] == 10;
              player.server().put("faded", joined(faded, sting, there[0], complete), complete);
              return null;
            });

    player.assertPlayed(player.play("faded", 2, player.seeks(random)));
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
}
