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
  void reelOfSixtyClipsOutOfOrderAndOverlapping_showsBothSidesOfEveryJoin() throws Exception {
    Random random = new Random(11);
    for (int clip = 0; clip < 60; clip++) {
      int first = random.nextInt(700);
      player.add(player.recording(), first, first + 13 + random.nextInt(25));
    }
    player.server().put("sixty", Reel.join("sixty", player.clips()), true);

    Map<String, Object> seen = player.playWhole("sixty", 4, player.joins());

    player.assertPlayedOn(seen);
    assertThat((List<?>) seen.get("sought")).hasSize(2 * 59);
    assertThat(seen.get("audioTracks")).isEqualTo(2L);
    assertFfmpegPlaysAndCopies("sixty", 1);
  }

  @Test
  void reelOfSixtyClipsInOrder_showsBothSidesOfEveryJoin() throws Exception {
    Random random = new Random(19);
    for (int clip = 0; clip < 60; clip++) {
      int first = 12 * clip + random.nextInt(6);
      player.add(player.recording(), first, first + 5 + random.nextInt(10));
    }
    player.server().put("ordered", Reel.join("ordered", player.clips()), true);

    Map<String, Object> seen = player.playWhole("ordered", 4, player.joins());

    player.assertPlayedOn(seen);
    assertFfmpegPlaysAndCopies("ordered", 1);
  }

  @Test
  void reelOfTwoEncoders_showsBothSidesOfEveryJoin() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    Recording other =
        new Recording("other")
            .add(
                TestVideo.plain().sound("aac", 2).codec("libx264", 3).gop(40).pictures(400).file());
    Random random = new Random(5);
    for (int clip = 0; clip < 40; clip++) {
      int first = random.nextInt(350);
      player.add(
          random.nextBoolean() ? player.recording() : other,
          first,
          first + 10 + random.nextInt(20));
    }
    player.recording().objects().putAll(other.objects());
    player.server().put("two", Reel.join("two", player.clips()), true);

    player.assertPlayedOn(player.playWhole("two", 4, player.joins()));
    assertFfmpegPlaysAndCopies("two", 2);
  }

  /** What measures stalls is not blind: pictures of a second are left out of the index. */
  @Test
  void reelWithAHole_isSeenToStandStill() throws Exception {
    player.add(player.recording(), 50, 250);
    ClipIndex whole = Reel.join("hole", player.clips());
    ClipIndex.Piece left = whole.pieces().stream().filter(ReelPlaybackTest::isGop).toList().get(3);
    List<ClipIndex.Piece> others = new ArrayList<>(whole.pieces());
    others.remove(left);
    ClipIndex holed =
        new ClipIndex("hole", whole.tracks(), whole.reorderMicros(), List.copyOf(others));
    player.server().put("hole", holed, true);

    Map<String, Object> seen = player.play("hole", 4, List.of());

    assertThat(ReelPlayer.stalledMillis(seen)).isGreaterThan(ReelPlayer.MOST_STALLED_MILLIS);
  }

  private static boolean isGop(ClipIndex.Piece piece) {
    return piece.track() == 1;
  }

  /**
   * The reel that the browser plays, fetched with ffmpeg: all of it, in time, also as it lies. Of
   * several init parts FFmpeg takes the first alone, and says so; each keyframe has what it needs.
   */
  private static void assertFfmpegPlaysAndCopies(String reel, int initParts) throws Exception {
    assertThat(player.initParts(reel)).isEqualTo(initParts);
    String url = player.url(reel);
    List<Integer> pictures = player.pictures();
    assertThat(TestVideo.frameNumbers(url)).isEqualTo(pictures);
    Path copy = folder.resolve(reel + ".mp4");
    FfmpegProgram.Result result =
        FfmpegProgram.ffmpeg(List.of("-i", url, "-map", "0", "-c", "copy", copy.toString()));
    assertThat(result.exitCode()).as(String.join("\n", result.errors())).isZero();
    assertThat(result.errors())
        .allSatisfy(
            line ->
                assertThat(line)
                    .containsPattern(
                        "Found duplicated MOOV Atom. Skipped it|Last message repeated"));
    if (initParts == 1) {
      assertThat(result.errors()).isEmpty();
    }
    assertThat(TestVideo.cleanFrameNumbers(copy, 320, 180)).isEqualTo(pictures);
    for (String stream : List.of("v:0", "a:0", "a:1")) {
      List<Double> times = decodeTimes(copy, stream);
      assertThat(times).as(stream).isSorted().doesNotHaveDuplicates();
      assertThat(times.get(times.size() - 1) - times.get(0))
          .as(stream)
          .isBetween(pictures.size() / 25.0 - 0.07, pictures.size() / 25.0 + 0.03);
    }
  }

  private static List<Double> decodeTimes(Path file, String stream) {
    return FfmpegProgram.ffprobe(
            "-select_streams",
            stream,
            "-show_entries",
            "packet=dts_time",
            "-of",
            "csv=p=0",
            file.toString())
        .text()
        .lines()
        .map(line -> line.replace(",", "").strip())
        .filter(line -> !line.isEmpty())
        .map(Double::valueOf)
        .toList();
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
