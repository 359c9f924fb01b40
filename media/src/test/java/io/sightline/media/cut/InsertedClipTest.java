package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InsertedClipTest {

  private static final long START = Recording.START;

  @TempDir Path folder;

  /** Of the same shape, but nothing else; what it becomes, in pictures of 25 a second. */
  private record Video(TestVideo video, int pictures) {}

  static List<Video> videos() {
    TestVideo.Interval all = new TestVideo.Interval(0, 10);
    TestVideo small = TestVideo.plain().pictures(50).size(160, 90);
    return List.of(
        new Video(small.sound().beeps(all).container(TestVideo.Container.TS), 50),
        new Video(TestVideo.plain().pictures(30).codec("mpeg4", 2), 30),
        new Video(
            TestVideo.plain()
                .size(640, 360)
                .rate("50")
                .pictures(100)
                .sound("opus", 1)
                .beeps(all)
                .container(TestVideo.Container.MKV),
            50),
        new Video(TestVideo.plain().pictures(50).codec("mjpeg", 0), 50),
        new Video(TestVideo.plain().pictures(50).rotation(180).sound(), 50));
  }

  @ParameterizedTest
  @MethodSource("videos")
  void of_video_standsBetweenClipsOfTheReel(Video insert) throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound("aac", 2).file());
    ClipIndex before = exact(recording, "a", 10, 85);
    ClipIndex after = exact(recording, "b", 120, 201);

    ClipIndex between =
        InsertedClip.of(insert.video().file(), before, "inserts/x/", 1, recording, recording);

    ClipIndex reel = Reel.join("reel", List.of(before, between, after));
    assertThat(reel.tracks()).as("one header for each track").hasSize(3);
    assertThat(Reel.lengthMicros(between)).isEqualTo(insert.pictures() * 40_000L);
    HlsExport.write(reel, recording, folder);
    Path mp4 = folder.resolve("reel.mp4");
    try (OutputStream out = Files.newOutputStream(mp4)) {
      Mp4File.write(reel, recording, out);
    }
    for (Path file : List.of(folder.resolve("master.m3u8"), mp4)) {
      List<Integer> seen = TestVideo.cleanFrameNumbers(file, 320, 180);
      assertThat(seen).hasSize(75 + insert.pictures() + 81);
      assertThat(seen.subList(0, 75)).isEqualTo(range(10, 85));
      assertThat(seen.subList(75 + insert.pictures(), seen.size())).isEqualTo(range(120, 201));
      int step = insert.video().pictures() / insert.pictures();
      List<Integer> shown = seen.subList(75, 75 + insert.pictures());
      for (int at = 0; at < shown.size(); at++) {
        assertThat(shown.get(at)).as("picture %d", at).isBetween(at * step, at * step + step - 1);
      }
    }
    for (String stream : List.of("a:0", "a:1")) {
      assertThat(soundSeconds(mp4, stream))
          .as(stream)
          .isCloseTo((75 + insert.pictures() + 81) / 25.0, within(0.03));
    }
  }

  @Test
  void of_videoOfAnotherShape_isSeenWholeBetweenBlackBars() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().file());
    ClipIndex form = exact(recording, "a", 0, 50);
    Path square = TestVideo.plain().size(180, 180).pictures(25).file();

    ClipIndex between = InsertedClip.of(square, form, "inserts/y/", 1, recording, recording);

    Path mp4 = folder.resolve("square.mp4");
    try (OutputStream out = Files.newOutputStream(mp4)) {
      Mp4File.write(between, recording, out);
    }
    byte[] gray =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    mp4.toString(),
                    "-frames:v",
                    "1",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "gray",
                    "-"))
            .output();
    assertThat(gray).hasSize(320 * 180);
    for (int y = 0; y < 180; y += 20) {
      assertThat(gray[y * 320 + 30] & 0xff).isLessThan(4);
      assertThat(gray[y * 320 + 290] & 0xff).isLessThan(4);
    }
    assertThat(gray[150 * 320 + 160] & 0xff).isGreaterThan(20);
  }

  @Test
  void check_ofWhatCannotBeShown_saysWhy() throws Exception {
    InsertedClip.check(TestVideo.plain().file());
    Path text = Files.writeString(folder.resolve("sting.mp4"), "This is no video.");
    assertThatThrownBy(() -> InsertedClip.check(text)).isInstanceOf(MediaException.class);
    Path missing = folder.resolve("missing.mp4");
    assertThatThrownBy(() -> InsertedClip.check(missing)).isInstanceOf(MediaException.class);
    Path sound = folder.resolve("sound.wav");
    FfmpegProgram.make(
        List.of("-f", "lavfi", "-i", "sine=duration=1", sound.toString()), out -> {});
    assertThatThrownBy(() -> InsertedClip.check(sound)).hasMessage("It has no pictures");
    Path hour = folder.resolve("long.mp4");
    FfmpegProgram.make(
        List.of("-f", "lavfi", "-i", "color=s=32x32:r=1:d=90", "-c:v", "mpeg4", hour.toString()),
        out -> {});
    assertThatThrownBy(() -> InsertedClip.check(hour))
        .hasMessage("It may be 60 s long, and is 90 s or longer");
  }

  private static double soundSeconds(Path file, String stream) {
    List<String> arguments = new ArrayList<>(List.of("-i", file.toString(), "-map", "0:" + stream));
    arguments.addAll(List.of("-f", "s16le", "-ac", "1", "-ar", "8000", "-"));
    return FfmpegProgram.ffmpeg(arguments).output().length / 2 / 8_000.0;
  }

  private static ClipIndex exact(Recording recording, String id, int from, int to)
      throws Exception {
    return Cut.exact(
            id,
            recording.chunks(),
            START + from * 40_000L,
            START + to * 40_000L,
            recording,
            recording)
        .index();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
