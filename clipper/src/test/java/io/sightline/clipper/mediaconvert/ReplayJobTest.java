package io.sightline.clipper.mediaconvert;

import static io.sightline.clipper.mediaconvert.ReplayJobFixture.BUCKET;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.CREATE;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.GET;
import static io.sightline.clipper.mediaconvert.ReplayJobFixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.JobEstimate;
import io.sightline.records.MediaState;
import io.sightline.records.ReplayJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of the jobs of whole replays. */
class ReplayJobTest {

  @TempDir private Path folder;

  private final Recording lobby = new Recording("lobby").add(TestVideo.plain().sound().file());
  private ReplayJobFixture fixture;

  @BeforeEach
  void open() throws Exception {
    fixture = new ReplayJobFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void replay_becomesAnMp4AndHlsInSeveralSizes_ofExactlyItsPictures() throws Exception {
    fixture.start();
    fixture.replay(
        1,
        fixture.clip(lobby, 400_000, 2_200_000),
        fixture.clip(lobby, 4_120_000, 5_000_000),
        fixture.clip(lobby, 1_000_000, 1_360_000));
    List<Integer> shown = pictures(10, 55);
    shown.addAll(pictures(103, 125));
    shown.addAll(pictures(25, 34));

    fixture.ask(1, 7);
    ReplayJob job = fixture.ended();

    assertThat(fixture.server.breaches()).isEmpty();
    assertThat(job.error()).isNull();
    assertThat(job.state()).isEqualTo(MediaState.READY);
    assertThat(job.percent()).isEqualTo(100);
    assertThat(job.jobs()).isEqualTo(fixture.server.ids());
    assertThat(job.location()).isEqualTo(BUCKET + job.folder());
    assertThat(job.estimate().durationMicros()).isEqualTo(3_040_000);
    assertThat(job.estimate().cost()).isEqualByComparingTo("0.0039");
    assertThat(job.estimate().outputs())
        .extracting(JobEstimate.Output::name, JobEstimate.Output::width)
        .containsExactly(tuple("mp4", 320), tuple("180p", 320), tuple("120p", 214));
    assertThat(TestVideo.frameNumbers(fixture.file(job.mp4Key()))).isEqualTo(shown);
    for (String size : List.of("180p", "120p")) {
      Path playlist = fixture.file(job.folder() + "hls/index_" + size + ".m3u8");
      assertThat(FfmpegProgram.decodesCleanly(playlist)).isEmpty();
    }
    assertThat(TestVideo.frameNumbers(fixture.file(job.folder() + "hls/index_180p.m3u8")))
        .isEqualTo(shown);
    assertThat(Files.readString(fixture.file(job.hlsKey())))
        .contains("index_180p.m3u8", "index_120p.m3u8");
    until(() -> fixture.ofJobs().stream().noneMatch(name -> name.endsWith(".json")));
    assertThat(fixture.ofJobs())
        .allMatch(name -> name.contains("/hls/") || name.endsWith("/replay.mp4"));
    JsonNode settings = fixture.server.requests().get(0).path("settings");
    assertThat(settings.path("inputs")).hasSize(1);
    JsonNode clipping = settings.at("/inputs/0/inputClippings/0");
    assertThat(clipping.path("startTimecode").asText()).isEqualTo("00:00:00:00");
    assertThat(clipping.path("endTimecode").asText()).isEqualTo("00:00:03:00");
    assertThat(settings.findValuesAsText("maxBitrate"))
        .containsExactly("8000000", "8000000", "3566666");
  }

  @Test
  void replay_ofSeveralCameras_isOneJobInTheSizeAndRateOfTheLargest() throws Exception {
    fixture.start();
    Recording court =
        new Recording("court")
            .add(TestVideo.plain().size(640, 360).rate("50").pictures(500).gop(50).sound().file());
    fixture.replay(
        1,
        fixture.clip(lobby, 400_000, 2_200_000),
        fixture.clip(court, 3_000_000, 4_000_000),
        fixture.clip(lobby, 1_000_000, 1_360_000));

    fixture.ask(1, 7);
    ReplayJob job = fixture.ended();

    assertThat(fixture.server.breaches()).isEmpty();
    assertThat(job.error()).isNull();
    assertThat(fixture.server.requests()).hasSize(1);
    assertThat(fixture.server.requests().get(0).at("/settings/inputs")).hasSize(3);
    assertThat(job.estimate().outputs())
        .extracting(JobEstimate.Output::height)
        .containsExactly(360, 360, 120);
    List<Integer> shown = new ArrayList<>();
    pictures(10, 55).forEach(number -> shown.addAll(List.of(number, number)));
    shown.addAll(pictures(150, 200));
    pictures(25, 34).forEach(number -> shown.addAll(List.of(number, number)));
    assertThat(TestVideo.frameNumbers(fixture.file(job.mp4Key()))).isEqualTo(shown);
  }

  @Test
  void replay_ofMoreInputsThanAJobReads_isJoinedFromSeveralJobs() throws Exception {
    fixture.inputsPerJob = 1;
    fixture.start();
    Recording court =
        new Recording("court").add(TestVideo.plain().size(640, 360).gop(50).sound().file());
    fixture.replay(
        1, fixture.clip(lobby, 400_000, 2_200_000), fixture.clip(court, 4_000_000, 6_000_000));
    List<Integer> shown = pictures(10, 55);
    shown.addAll(pictures(100, 150));

    fixture.ask(1, 7);
    ReplayJob job = fixture.ended();

    assertThat(fixture.server.breaches()).isEmpty();
    assertThat(job.error()).isNull();
    assertThat(fixture.server.requests()).hasSize(2);
    assertThat(job.jobs()).isEqualTo(fixture.server.ids());
    Path mp4 = fixture.file(job.mp4Key());
    assertThat(TestVideo.frameNumbers(mp4)).isEqualTo(shown);
    assertThat(FfmpegProgram.decodesCleanly(mp4)).isEmpty();
    Path playlist = fixture.file(job.folder() + "hls/index_360p.m3u8");
    assertThat(Files.readString(playlist))
        .containsOnlyOnce("#EXT-X-DISCONTINUITY")
        .containsOnlyOnce("#EXT-X-ENDLIST")
        .contains("part-0/index_360p0.ts", "part-1/index_360p0.ts");
    assertThat(TestVideo.frameNumbers(playlist)).isEqualTo(shown);
    assertThat(Files.readString(fixture.file(job.hlsKey())))
        .contains("index_360p.m3u8", "index_120p.m3u8");
    until(() -> fixture.ofJobs().stream().noneMatch(name -> name.endsWith(".json")));
    assertThat(fixture.ofJobs())
        .allMatch(name -> name.contains("/hls/") || name.endsWith("/replay.mp4"));
  }

  @Test
  void replay_ofTimesInMilliseconds_isCountedStretchByStretch() throws Exception {
    fixture.start();
    Path film = folder.resolve("film.flv");
    FfmpegProgram.make(
        List.of(
            "-i",
            TestVideo.plain().rate("60000/1001").pictures(600).gop(60).file().toString(),
            "-c",
            "copy",
            film.toString()),
        in -> {});
    Recording rtmp = new Recording("rtmp").add(film);
    List<ClipIndex> clips = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      // Each clip is 0.8 ms too short by rounding, which adds up to half a picture.
      int from = 1 + 60 * number;
      clips.add(fixture.clip(rtmp, micros(from), micros(from + 7)));
      shown.addAll(pictures(from, from + 7));
    }
    fixture.replay(1, clips.toArray(new ClipIndex[0]));

    fixture.ask(1, 7);
    ReplayJob job = fixture.ended();

    assertThat(job.error()).isNull();
    assertThat(fixture.server.breaches()).isEmpty();
    assertThat(fixture.server.requests().get(0).at("/settings/inputs")).hasSizeBetween(2, 9);
    assertThat(TestVideo.frameNumbers(fixture.file(job.mp4Key()))).isEqualTo(shown);
  }

  private static long micros(int picture) {
    return picture * 1_001_000L / 60 - 2_000;
  }

  @Test
  void replay_withoutSound_hasNone() throws Exception {
    fixture.start();
    Recording mute = new Recording("mute").add(TestVideo.plain().file());
    fixture.replay(1, fixture.clip(mute, 0, 1_000_000));

    fixture.ask(1, 7);

    assertThat(fixture.ended().error()).isNull();
    assertThat(fixture.server.breaches()).isEmpty();
    assertThat(fixture.server.requests().get(0).findValues("audioDescriptions"))
        .allMatch(JsonNode::isEmpty);
  }

  @Test
  void replay_ofWhichSomeHasSound_failsWithASentence_andAsksNothing() throws Exception {
    fixture.start();
    Recording mute = new Recording("mute").add(TestVideo.plain().size(640, 360).file());
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000), fixture.clip(mute, 0, 1_000_000));

    fixture.ask(1, 7);

    assertThat(fixture.ended().error()).startsWith("Some clips of the replay have sound");
    assertThat(fixture.server.requests()).isEmpty();
    until(() -> fixture.ofJobs().isEmpty());
  }

  @Test
  void replay_ofPicturesAtNoConstantRate_failsWithASentence() throws Exception {
    fixture.start();
    Path uneven = folder.resolve("uneven.mp4");
    FfmpegProgram.make(
        List.of(
            "-f",
            "lavfi",
            "-i",
            "testsrc2=duration=6:rate=25:size=320x240",
            "-vf",
            "select='not(eq(mod(n,7),3))+eq(mod(n,2),0)'",
            "-fps_mode",
            "vfr",
            "-c:v",
            "libopenh264",
            "-g",
            "25",
            uneven.toString()),
        in -> {});
    fixture.replay(1, fixture.clip(new Recording("uneven").add(uneven), 0, 3_000_000));

    fixture.ask(1, 7);

    assertThat(fixture.ended().error()).contains("its pictures do not come at a constant rate");
  }

  @Test
  void replay_whileMediaConvertIsBusy_isTriedAgain() throws Exception {
    fixture.server.refuse(CREATE, 429, "TooManyRequestsException", 3);
    fixture.server.refuse(GET, 500, "InternalServerErrorException", 2);
    fixture.start();
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));

    fixture.ask(1, 7);

    assertThat(fixture.ended().error()).isNull();
    assertThat(fixture.server.asked(CREATE)).isEqualTo(4);
    assertThat(fixture.server.requests()).hasSize(1);
  }

  @Test
  void replay_withEvents_isAskedAboutWhenOneComes() throws Exception {
    try (EventQueue queue = new EventQueue()) {
      fixture.events = queue.url();
      fixture.start();
      fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));
      fixture.ask(1, 7);
      until(() -> fixture.server.asked(GET) == 1);

      for (long asked = 1; fixture.job().state() == MediaState.PENDING; asked++) {
        long before = asked;
        queue.send(EventQueue.event("aws.mediaconvert", fixture.server.ids().get(0)));
        until(
            () ->
                fixture.job().state() != MediaState.PENDING || fixture.server.asked(GET) > before);
      }

      assertThat(fixture.job().state()).isEqualTo(MediaState.READY);
    }
  }

  @Test
  void jobThatFails_saysItsCodeAndMessage_andIsTriedAgainWhenAskedFor() throws Exception {
    fixture.server.fail(1076, "Your input\nis corrupt");
    fixture.start();
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));
    fixture.ask(1, 7);

    assertThat(fixture.ended().error()).contains("Your input is corrupt (error 1076)");
    until(() -> fixture.ofJobs().isEmpty());

    fixture.server.fail(0, null);
    fixture.ask(1, 8);
    until(() -> fixture.job().state() == MediaState.READY);

    assertThat(fixture.server.states()).containsExactly("ERROR", "COMPLETE");
    assertThat(fixture.job().error()).isNull();
  }

  @Test
  void whatIsRefused_failsWithASentence() throws Exception {
    fixture.server.refuse(CREATE, 403, "AccessDeniedException", 1);
    fixture.start();
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));

    fixture.ask(1, 7);

    assertThat(fixture.ended().error())
        .contains("MediaConvert refuses mediaconvert:CreateJob", "docs/mediaconvert.md");
    assertThat(fixture.server.requests()).isEmpty();
  }

  @Test
  void outputsThatAreNotWhole_failAndLeaveNothing() throws Exception {
    fixture.server.loseLastPicture();
    fixture.start();
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));
    fixture.ask(1, 7);

    assertThat(fixture.ended().error())
        .isEqualTo("MediaConvert made 24 pictures where 25 were asked for");
    until(() -> fixture.ofJobs().isEmpty());
  }

  @Test
  void playlistsThatNameWhatIsNotThere_failAndLeaveNothing() throws Exception {
    fixture.server.loseLastSegment();
    fixture.start();
    fixture.replay(1, fixture.clip(lobby, 0, 1_000_000));
    fixture.ask(1, 7);

    assertThat(fixture.ended().error())
        .isEqualTo(
            "MediaConvert's HLS files are not whole: hls/index_180p0.ts is not there, though it is"
                + " named");
    until(() -> fixture.ofJobs().isEmpty());
  }

  private static List<Integer> pictures(int from, int to) {
    return new ArrayList<>(IntStream.range(from, to).boxed().toList());
  }
}
