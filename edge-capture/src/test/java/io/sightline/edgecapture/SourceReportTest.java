package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceReportTest {

  private static final Duration LOOK = Duration.ofSeconds(10);

  @TempDir Path folder;

  @Test
  void of_goodFile_saysWhatItIsAndFindsNothing() throws Exception {
    SourceReport report = look(TestVideo.plain().sound().file());

    assertThat(report.live()).isFalse();
    assertThat(report.container()).contains("mp4");
    assertThat(report.durationMicros()).isBetween(9_990_000L, 10_050_000L);
    assertThat(report.tracks()).hasSize(2);
    assertThat(report.recorded()).containsExactly(0, 1);
    assertThat(report.sampled()).isZero();
    assertThat(report.keyframesMicros()).isEqualTo(1_000_000);
    assertThat(report.picturesPerSecond()).isCloseTo(25, within(0.01));
    assertThat(report.reordered()).isFalse();
    assertThat(report.bitsPerSecond().get(0)).isBetween(10_000L, 2_000_000L);
    assertThat(report.samplingCost()).containsOnlyKeys("keyframes", "1/s", "4/s", "scene");
    assertThat(report.samplingCost().get("keyframes"))
        .isPositive()
        .isLessThan(report.samplingCost().get("4/s"));
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void of_rareKeyframes_saysWhatToSet() throws Exception {
    SourceReport rare = look(TestVideo.plain().gop(125).file());
    assertThat(rare.keyframesMicros()).isEqualTo(5_000_000);
    assertThat(rare.findings()).singleElement().asString().contains("5.0 s apart", "every 2 s");

    SourceReport one = look(TestVideo.plain().gop(1_000).file());
    assertThat(one.keyframesMicros()).isEqualTo(-1);
    assertThat(one.findings()).singleElement().asString().contains("No second keyframe");
  }

  @Test
  void of_timecodeInTheContainerOrInThePictures_saysIt() throws Exception {
    Path film = TestVideo.plain().file();
    Path tmcd = folder.resolve("tmcd.mov");
    make("-i", film.toString(), "-c", "copy", "-timecode", "10:59:58:20", tmcd.toString());
    Path groups = folder.resolve("groups.ts");
    make(
        "-i",
        film.toString(),
        "-c:v",
        "mpeg2video",
        "-gop_timecode",
        "09:00:00:05",
        groups.toString());

    assertThat(look(tmcd).timecode()).isEqualTo("10:59:58:20");
    assertThat(look(groups).timecode()).isEqualTo("09:00:00:05");
    assertThat(look(film).timecode()).isNull();
    assertThat(look(film).senderAheadMicros()).isNull();
  }

  @Test
  void of_cameraThatTellsItsClock_saysHowFarThatIsAhead() throws Exception {
    TestVideo film = TestVideo.plain().container(TestVideo.Container.TS);
    try (RtspCamera camera =
        new RtspCamera(film, CaptureClock.system().nowMicros(), 200_000, 3_000_000)) {
      camera.tellClock();
      SourceReport report = SourceReport.of(camera.url(), folder, Duration.ofSeconds(3));

      // What it sends was seen a moment ago, and this machine may be busy.
      assertThat(report.senderAheadMicros()).isBetween(0L, 3_000_000L);
    }
  }

  private static void make(String... arguments) {
    FfmpegProgram.Result result = FfmpegProgram.ffmpeg(List.of(arguments));
    assertThat(result.exitCode()).as("%s", result.errors()).isZero();
  }

  @Test
  void of_reorderedPictures_saysSo() throws Exception {
    assertThat(look(TestVideo.plain().codec("mpeg4", 2).file()).reordered()).isTrue();
  }

  @Test
  void of_codecThatIsEncodedToBeRecorded_saysSoAndWhatItCosts() throws Exception {
    SourceReport report =
        look(TestVideo.plain().codec("mjpeg", 0).container(TestVideo.Container.MOV).file());

    assertThat(report.recorded()).containsExactly(0);
    assertThat(report.encoded()).containsExactly(0);
    assertThat(report.encodingCost()).isPositive();
    assertThat(report.findings())
        .anySatisfy(found -> assertThat(found).contains("MJPEG to H.264", "record: false"));
  }

  @Test
  void of_folder_looksAtTheFirstVideo_andSaysHowManyThereAre() throws Exception {
    Path videos = Files.createDirectory(folder.resolve("videos"));
    Files.copy(TestVideo.plain().file(), videos.resolve("clip10.mp4"));
    Files.copy(TestVideo.plain().pictures(50).file(), videos.resolve("clip2.mp4"));
    Files.writeString(videos.resolve("clip1.mp4"), "no video");

    SourceReport report = look(videos);

    assertThat(report.live()).isFalse();
    assertThat(report.durationMicros()).isEqualTo(2_000_000);
    assertThat(report.findings())
        .anySatisfy(f -> assertThat(f).contains("3 videos", "'clip2.mp4'"));
    assertThat(report.findings()).anySatisfy(f -> assertThat(f).contains("clip1.mp4"));
    assertThat(SourceReport.of("file:videos?watch", folder, LOOK).live()).isTrue();
    assertThatThrownBy(() -> look(Files.createDirectory(folder.resolve("empty"))))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("There is no video in the folder");
    assertThatThrownBy(() -> SourceReport.of("device:/dev/video99", folder, LOOK))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("There is no device");
  }

  @Test
  void of_soundAlone_saysThatThereIsNothingToSee() throws Exception {
    Path sound = folder.resolve("sound.m4a");
    FfmpegProgram.ffmpeg(
        java.util.List.of(
            "-i",
            TestVideo.plain().sound().file().toString(),
            "-vn",
            "-c",
            "copy",
            sound.toString()));

    SourceReport report = look(sound);

    assertThat(report.sampled()).isEqualTo(-1);
    assertThat(report.samplingCost()).isEmpty();
    assertThat(report.findings()).anySatisfy(found -> assertThat(found).contains("no pictures"));
  }

  @Test
  void of_whatCannotBeOpened_isOneSentence() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.mp4"), "buy milk");

    assertThatThrownBy(() -> look(text)).isInstanceOf(MediaException.class);
    assertThatThrownBy(() -> SourceReport.of("rtmp-listen", folder, LOOK))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("publishes");
    assertThatThrownBy(() -> SourceReport.of("gopher://x/y", folder, LOOK))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("gopher");
  }

  private SourceReport look(Path file) throws MediaException {
    return SourceReport.of(file.toString(), folder, LOOK);
  }
}
