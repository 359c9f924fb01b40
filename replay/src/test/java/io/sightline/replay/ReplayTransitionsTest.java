package io.sightline.replay;

import static io.sightline.replay.JoinedReels.FADE;
import static io.sightline.replay.JoinedReels.ID;
import static io.sightline.replay.JoinedReels.await;
import static io.sightline.replay.JoinedReels.both;
import static io.sightline.replay.JoinedReels.range;
import static io.sightline.replay.JoinedReels.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.cut.EncodedPart;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.Records;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays whose items fade, with what a clipper makes of their orders, and nothing but that. */
class ReplayTransitionsTest {

  @TempDir Path folder;
  private JoinedReels reels;

  @BeforeEach
  void open() throws Exception {
    reels = new JoinedReels(folder, TestVideo.plain().sound().file(), Clock.systemUTC());
  }

  @AfterEach
  void close() throws Exception {
    reels.close();
  }

  @Test
  void build_whileItGrows_namesNothingThatChangesAndEndsAsIfAskedForAfterwards() throws Exception {
    ReplayRequest request = request(1, FADE);
    String[] named = {"", ""};
    int[][] cuts = {{10, 85}, {90, 105}, {120, 201}};
    for (int cut = 0; cut < cuts.length; cut++) {
      reels.clip(cuts[cut][0], cuts[cut][1]);
      Replay waiting = reels.builder.build(request);
      assertThat(waiting.version()).isEqualTo(1);
      assertThat(waiting.segments()).isEqualTo(cut);
      assertThat(reels.items(1).get(cut).reason()).endsWith("; its transition is being made");
      if (cut == 1) {
        reels.restart(TransitionFiles.NONE);
      }
      reels.makeParts();
      Replay replay = reels.builder.build(request);
      assertThat(replay.segments()).isEqualTo(cut + 1);
      assertThat(replay.version()).isEqualTo(1);
      assertThat(replay.complete()).isFalse();
      assertThat(reels.builder.build(request)).isEqualTo(replay);
      for (int track = 1; track <= 2; track++) {
        String now = ReelPlaylists.media(reels.index(replay), track, false);
        assertThat(now).startsWith(named[track - 1]);
        named[track - 1] = now;
      }
    }
    reels.finish();

    Replay complete = reels.builder.build(request);

    assertThat(complete.complete()).isTrue();
    assertThat(complete.version()).isEqualTo(1);
    for (int track = 1; track <= 2; track++) {
      assertThat(ReelPlaylists.media(reels.index(complete), track, false))
          .startsWith(named[track - 1]);
    }
    List<Integer> seen = reels.seen(complete);
    assertThat(seen).hasSize(75 + 15 + 81);
    assertThat(seen.subList(0, 65)).isEqualTo(range(10, 75));
    // Nothing is left of the middle one but its fades; the last one ends as it is.
    assertThat(seen.subList(90 + 10, 171)).isEqualTo(range(130, 201));
    assertThat(reels.items(1))
        .extracting(ReplayItem::reason)
        .containsExactly(
            "it lies in the window",
            "it lies in the window; a fade is shortened to 0.30 s, half of it",
            "it lies in the window");

    ReplayRequest later = request(2, FADE);
    Replay again = reels.builder.build(later);
    assertThat(reels.index(again)).isEqualTo(reels.index(complete));
  }

  @Test
  void build_withAnotherLength_makesOnlyEdgesAndPlaysTheOldReelUntilThen() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    reels.builder.build(request(1, FADE));
    reels.makeParts();
    Replay before = reels.builder.build(request(1, FADE));
    assertThat(before.complete()).isTrue();
    Transitions longer =
        new Transitions(new Transitions.Fade(800, 800, "#ffffff", null), null, null, null);

    assertThat(reels.builder.build(request(2, longer))).isEqualTo(before);
    List<String> made = reels.makeParts();
    Replay after = reels.builder.build(request(2, longer));

    assertThat(after.version()).isEqualTo(2);
    assertThat(after.requestRevision()).isEqualTo(2);
    assertThat(after.complete()).isTrue();
    assertThat(made).allMatch(key -> key.matches("clips/.*/(in|out|before|init)-.*"));
    assertThat(reels.seen(after)).hasSize(75 + 81);
    // Without any, it is the plain reel at once.
    Replay plain = reels.builder.build(request(3, null));
    assertThat(plain.version()).isEqualTo(3);
    assertThat(reels.seen(plain)).isEqualTo(both(range(10, 85), range(120, 201)));
    // What was made for the first length is there, so nothing is made anew.
    reels.asked.clear();
    assertThat(reels.builder.build(request(4, FADE)).version()).isEqualTo(4);
    assertThat(reels.asked).isEmpty();
  }

  @Test
  void cancel_ofAGrowingOne_showsItsLastItemToTheEnd() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.builder.build(request(1, FADE));
    reels.makeParts();
    Replay growing = reels.builder.build(request(1, FADE));
    assertThat(ReelPlaylists.media(reels.index(growing), 1, true)).contains("ENDLIST");
    assertThat(reels.seen(growing)).hasSizeLessThan(75 + 81);

    reels.builder.cancel(
        new ReplayRequest(ID, ReplayRequest.Kind.CANCEL, null, null, false, "test", 1, 2));

    Replay cancelled =
        await(Records.of(reels.records, Replay.class).find(StoreKeys.REPLAYS, ID)).get();
    assertThat(cancelled.state()).isEqualTo(MediaState.CANCELLED);
    assertThat(reels.seen(cancelled)).hasSize(75 + 81).endsWith(200);
  }

  @Test
  void build_whatCannotFade_isThereAndSaysWhy() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    reels.builder.build(request(1, FADE));
    for (ReelPartOrder order : reels.asked.values()) {
      reels.put(order.key(), Json.encode(ReelPart.failed("its pictures are made of wood")));
    }

    Replay replay = reels.builder.build(request(1, FADE));

    assertThat(replay.complete()).isTrue();
    assertThat(reels.seen(replay)).isEqualTo(both(range(10, 85), range(120, 201)));
    assertThat(reels.items(1))
        .extracting(ReplayItem::reason)
        .allMatch(
            why -> why.endsWith("does not fade, for it cannot: its pictures are made of wood"));
  }

  @Test
  void build_withClips_playsThemBeforeBetweenAndAfterTheItems() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90);
    reels.restart(
        TransitionFiles.read(
            Map.of(
                "opener", video.pictures(50).sound().file(),
                "sting", video.pictures(20).container(TestVideo.Container.TS).file(),
                "closer", video.pictures(30).file()),
            Map.of()));
    ReplayRequest request =
        request(
            1,
            new Transitions(
                new Transitions.Fade(400, null, null, null), "sting", "opener", "closer"));
    String named = "";
    int[][] cuts = {{10, 85}, {120, 201}, {210, 240}};
    for (int[] cut : cuts) {
      reels.clip(cut[0], cut[1]);
      reels.builder.build(request);
      reels.makeParts();
      Replay growing = reels.builder.build(request);
      String now = ReelPlaylists.media(reels.index(growing), 1, false);
      assertThat(now).startsWith(named);
      named = now;
      assertThat(growing.version()).isEqualTo(1);
    }
    reels.finish();

    Replay replay = reels.builder.build(request);

    assertThat(ReelPlaylists.media(reels.index(replay), 1, false)).startsWith(named);
    assertThat(reels.index(replay).tracks()).as("one header for each track").hasSize(2);
    List<Integer> seen = reels.seen(replay);
    assertThat(seen).hasSize(50 + 75 + 20 + 81 + 20 + 30 + 30);
    assertThat(seen.subList(0, 50)).isEqualTo(range(0, 50));
    assertThat(seen.subList(50, 115)).isEqualTo(range(10, 75));
    assertThat(seen.subList(125, 145)).isEqualTo(range(0, 20));
    // Nothing fades in.
    assertThat(seen.subList(145, 216)).isEqualTo(range(120, 191));
    assertThat(seen.subList(226, 306))
        .isEqualTo(both(both(range(0, 20), range(210, 240)), range(0, 30)));
    assertThat(reels.items(1))
        .extracting(ReplayItem::offsetMicros)
        .containsExactly(2_000_000L, (50 + 75 + 20) * 40_000L, (145 + 81 + 20) * 40_000L);
    assertThat(replay.durationMicros()).isEqualTo(306 * 40_000L);
  }

  @Test
  void build_withAClipThatCannotBeShown_playsWithoutItAndSaysSo() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90).pictures(20);
    reels.restart(TransitionFiles.read(Map.of("opener", video.file()), Map.of()));
    reels.clip(10, 85);
    reels.finish();
    ReplayRequest request = request(1, new Transitions(null, null, "opener", null));
    reels.builder.build(request);
    for (ReelPartOrder order : reels.asked.values()) {
      ReelPart failed = ReelPart.failed("it is made of wood");
      reels.put(
          order.key(),
          Json.encode(
              order.file() == null
                  ? EncodedPart.make(order, reels::read, one -> reels.put(one.key(), one.content()))
                  : failed));
    }

    Replay replay = reels.builder.build(request);

    assertThat(reels.seen(replay)).isEqualTo(range(10, 85));
    assertThat(reels.items(1).get(0).reason())
        .endsWith("; a clip of its transitions cannot be shown: it is made of wood");
  }

  @Test
  void build_withWhatIsNotConfiguredAnyMore_failsAndSaysSo() throws Exception {
    reels.clip(10, 85);

    Replay replay = reels.builder.build(request(1, new Transitions(null, "sting", null, null)));

    assertThat(replay.state()).isEqualTo(MediaState.FAILED);
    assertThat(replay.error()).isEqualTo("The clip 'sting' is not configured here any more");
  }

  @Test
  void build_intoAPicture_showsItBetweenTheItems() throws Exception {
    Path white = folder.resolve("white.png");
    BufferedImage image = new BufferedImage(64, 36, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, 64, 36);
    pen.dispose();
    ImageIO.write(image, "png", white.toFile());
    reels.restart(TransitionFiles.read(Map.of(), Map.of("white", white)));
    reels.clip(10, 60);
    reels.clip(120, 170);
    reels.finish();
    ReplayRequest request =
        request(
            1, new Transitions(new Transitions.Fade(400, 400, null, "white"), null, null, null));
    reels.builder.build(request);
    reels.makeParts();

    Path target = folder.resolve("picture");
    HlsExport.write(reels.index(reels.builder.build(request)), reels::read, target);

    byte[] gray =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    target.resolve("master.m3u8").toString(),
                    "-map",
                    "0:v",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "gray",
                    "-"))
            .output();
    for (int picture : List.of(49, 50)) {
      for (int at = 0; at < 320 * 180; at += 101) {
        assertThat(gray[picture * 320 * 180 + at] & 0xff).isGreaterThan(245);
      }
    }
  }

  @Test
  void read_ofFilesThatCannotBeUsed_namesTheKeyAndWhy() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no media at all");
    Path missing = folder.resolve("missing");
    Map<String, Path> none = Map.of();
    assertThatThrownBy(() -> TransitionFiles.read(Map.of("sting", missing), none))
        .hasMessage(
            "transitions.clips.sting: " + missing + " cannot be used: there is no such file");
    assertThatThrownBy(() -> TransitionFiles.read(Map.of("sting", text), none))
        .hasMessageStartingWith("transitions.clips.sting: " + text + " cannot be used: ");
    assertThatThrownBy(() -> TransitionFiles.read(none, Map.of("crest", text)))
        .hasMessage(
            "transitions.pictures.crest: "
                + text
                + " cannot be used: It is neither a PNG nor a JPEG");
  }
}
