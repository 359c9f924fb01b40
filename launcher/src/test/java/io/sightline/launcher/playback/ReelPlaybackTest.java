package io.sightline.launcher.playback;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Reel;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.RenditionSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reels of exact clips, played by hls.js in a real Chromium, picture by picture. */
class ReelPlaybackTest {

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
  void reelOfSixtyClipsOutOfOrderAndOverlapping_playsEveryJoinAndSeeksExactly() throws Exception {
    Random random = new Random(11);
    for (int clip = 0; clip < 60; clip++) {
      int first = random.nextInt(700);
      player.add(player.recording(), first, first + 13 + random.nextInt(25));
    }
    player.server().put("sixty", Reel.join("sixty", player.clips()), true);

    Map<String, Object> seen = player.play("sixty", 4, player.seeks(random));

    player.assertPlayed(seen);
    assertThat(seen.get("audioTracks")).isEqualTo(2L);
  }

  @Test
  void reelOfTwoEncoders_playsEveryJoinAndSeeksExactly() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    Recording other =
        new Recording("other")
            .add(
                TestVideo.plain().sound("aac", 2).codec("libx264", 3).gop(40).pictures(400).file());
    Random random = new Random(5);
    for (int clip = 0; clip < 14; clip++) {
      int first = random.nextInt(350);
      player.add(
          clip % 2 == 0 ? player.recording() : other, first, first + 15 + random.nextInt(30));
    }
    player.recording().objects().putAll(other.objects());
    player.server().put("two", Reel.join("two", player.clips()), true);

    player.assertPlayed(player.play("two", 4, player.seeks(random)));
  }

  @Test
  void reelOfAv1WithEncodedEdges_showsEveryPicture() throws Exception {
    Recording av1 =
        new Recording("av1")
            .add(TestVideo.plain().codec("libsvtav1", 0).gop(40).pictures(200).file());
    player.add(av1, 27, 98);
    player.add(av1, 61, 75);
    player.add(av1, 40, 130);
    player.recording().objects().putAll(av1.objects());
    player.server().put("av1", Reel.join("av1", player.clips()), true);

    player.assertPlayed(
        player.play("av1", 4, IntStream.range(0, player.pictures().size()).boxed().toList()));
  }

  @Test
  void renditionAndSoundTrack_changedWhileItPlays_goesOnAndSeeksExactly() throws Exception {
    Random random = new Random(7);
    List<ClipIndex> rendered = new ArrayList<>();
    for (int clip = 0; clip < 8; clip++) {
      int first = random.nextInt(650);
      player.add(player.recording(), first, first + 50);
      rendered.add(
          RenderedClip.render(
              "rendered" + clip,
              player.clips().get(clip),
              new RenditionSpec("small", 360, null, null),
              CropPath.MIDDLE,
              player.recording(),
              player.recording()));
    }
    player
        .server()
        .put("first", Reel.join("first", player.clips()), "second", Reel.join("second", rendered));

    Map<String, Object> seen =
        player.play(
            "first",
            2,
            player.seeks(random),
            List.of(
                List.of(60, "nextLevel", 1),
                List.of(130, "audioTrack", 1),
                List.of(200, "nextLevel", 0),
                List.of(270, "audioTrack", 0)));

    player.assertShown(seen);
    assertThat(seen.get("changed"))
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .contains("level 0", "level 1", "sound 0", "sound 1");
  }
}
