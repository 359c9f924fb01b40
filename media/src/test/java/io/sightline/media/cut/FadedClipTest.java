package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.encode.Backdrop;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FadedClipTest {

  private static final long START = Recording.START;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 180;
  private static final int SAMPLES = 48_000;
  private static final Fade HALF = black(500_000);

  @TempDir Path folder;
  private int files;

  private static Fade black(long micros) {
    return new Fade("black-" + micros, micros, Backdrop.of(0));
  }

  /** With a tone all the time. */
  private static TestVideo video() {
    return TestVideo.plain().sound().beeps(new TestVideo.Interval(0, 10));
  }

  @Test
  void of_clips_fadesTheirEndsAndNothingElse() throws Exception {
    Recording recording = new Recording("cam").add(video().file());
    List<ClipIndex> clips =
        List.of(
            exact(recording, "a", 10, 85),
            exact(recording, "b", 120, 201),
            exact(recording, "c", 30, 93));
    List<ClipIndex> faded =
        List.of(
            of(clips.get(0), null, HALF, recording).joined(),
            of(clips.get(1), HALF, HALF, recording).joined(),
            of(clips.get(2), HALF, HALF, recording).last());

    ClipIndex plain = Reel.join("plain", clips);
    ClipIndex reel = Reel.join("reel", faded);

    // The fades stand under the header that the cut edges have.
    assertThat(reel.tracks()).hasSameSizeAs(plain.tracks());
    List<Integer> numbers = new ArrayList<>();
    numbers.addAll(range(10, 85));
    numbers.addAll(range(120, 201));
    numbers.addAll(range(30, 93));
    double[] shares = new double[numbers.size()];
    for (int at = 0; at < shares.length; at++) {
      shares[at] = 1;
    }
    // Half a second is 12.5 pictures: a picture that begins before it ends stays as it was.
    fadeOut(shares, 75);
    fadeIn(shares, 75);
    fadeOut(shares, 75 + 81);
    fadeIn(shares, 75 + 81);
    double[] before = brightness(mp4(recording, plain));
    for (Path file : List.of(mp4(recording, reel), hls(recording, reel))) {
      List<Integer> seen = TestVideo.cleanFrameNumbers(file, WIDTH, HEIGHT);
      double[] after = brightness(file);
      assertThat(after).hasSameSizeAs(before);
      for (int at = 0; at < shares.length; at++) {
        assertThat(after[at]).as("picture %d", at).isCloseTo(before[at] * shares[at], within(3.0));
        if (shares[at] == 1) {
          assertThat(seen.get(at)).isEqualTo(numbers.get(at));
        }
      }
    }
    assertSound(mp4(recording, reel), mp4(recording, plain), 75 + 81 + 63);
  }

  private static void fadeOut(double[] shares, int end) {
    for (int at = end - 12; at < end; at++) {
      shares[at] = (end - at - 1) / 12.5;
    }
  }

  private static void fadeIn(double[] shares, int start) {
    for (int at = start; at < start + 13; at++) {
      shares[at] = Math.min(1, (at - start) / 12.5);
    }
  }

  /** The tone is loud where nothing fades, and falls and rises evenly where something does. */
  private void assertSound(Path faded, Path plain, int pictures) throws Exception {
    double[] before = loudness(plain);
    double[] after = loudness(faded);
    double length = pictures / 25.0;
    assertThat(after.length / 100.0).isCloseTo(length, within(0.05));
    double[] joins = {75 / 25.0, (75 + 81) / 25.0};
    for (int at = 5; at < Math.min(after.length, before.length) - 5; at++) {
      double seconds = (at + 0.5) / 100;
      double share = 1;
      for (double join : joins) {
        share = Math.min(share, Math.abs(seconds - join) / 0.5);
      }
      // Sound lies up to half a frame, a hundredth of a second, beside its pictures.
      assertThat(after[at])
          .as("at %.2f s", seconds)
          .isCloseTo(before[at] * share, within(0.045 * before[at] + 60));
    }
  }

  @Test
  void of_clip_keepsWhatNoFadeTouches() throws Exception {
    Recording recording = new Recording("cam").add(video().file());
    ClipIndex clip = exact(recording, "a", 10, 240);

    FadedClip faded = of(clip, HALF, HALF, recording);

    assertThat(faded.note()).isNull();
    Set<String> kept = ranges(clip);
    kept.retainAll(ranges(faded.joined()));
    assertThat(kept.stream().filter(key -> key.startsWith("streams/")).count())
        .isGreaterThanOrEqualTo(ranges(clip).size() - 6);
    long made =
        faded.joined().pieces().stream()
            .filter(piece -> piece.track() == 1 && piece.key().startsWith("clips/"))
            .mapToLong(ClipIndex.Piece::durationTicks)
            .sum();
    long all =
        clip.pieces().stream()
            .filter(piece -> piece.track() == 1)
            .mapToLong(ClipIndex.Piece::durationTicks)
            .sum();
    // Two fades of half a second, and up to a GOP of a second around each.
    assertThat((double) made / all).isLessThan(3 / 9.2);
  }

  /** What a playlist named stays as it was, whether the clip is the last or another one comes. */
  @Test
  void of_clipInAGrowingReel_beginsAlikeWhateverFollows() throws Exception {
    Recording recording = new Recording("cam").add(video().file());
    List<ClipIndex> before = new ArrayList<>();
    String[] named = {"", ""};
    int[][] cuts = {{10, 85}, {120, 201}, {33, 110}, {20, 40}, {150, 250}};
    for (int at = 0; at < cuts.length; at++) {
      ClipIndex clip = exact(recording, "clip" + at, cuts[at][0], cuts[at][1]);
      FadedClip faded = of(clip, at == 0 ? null : HALF, HALF, recording);
      List<ClipIndex> open = new ArrayList<>(before);
      if (faded.open() != null) {
        open.add(faded.open());
      }
      for (ClipIndex end : List.of(faded.last(), faded.joined())) {
        List<ClipIndex> whole = new ArrayList<>(before);
        whole.add(end);
        for (int track = 1; track <= 2; track++) {
          String now = ReelPlaylists.media(Reel.join("reel", open), track, false);
          String then = ReelPlaylists.media(Reel.join("reel", whole), track, false);
          assertThat(now).startsWith(named[track - 1]);
          assertThat(then).startsWith(now);
          assertThat(pieces(Reel.join("reel", whole), track))
              .startsWith(pieces(Reel.join("reel", open), track, now));
        }
      }
      before.add(faded.joined());
      for (int track = 1; track <= 2; track++) {
        named[track - 1] = ReelPlaylists.media(Reel.join("reel", open), track, false);
      }
    }
    assertThat(named[0]).contains("seg-1-5.m4s");
  }

  private static ClipIndex.Piece[] pieces(ClipIndex reel, int track) {
    return ReelPlaylists.segments(reel, track).stream()
        .flatMap(segment -> segment.pieces().stream())
        .toArray(ClipIndex.Piece[]::new);
  }

  /** Those of the media segments that a playlist names. */
  private static ClipIndex.Piece[] pieces(ClipIndex reel, int track, String playlist) {
    return ReelPlaylists.segments(reel, track).stream()
        .filter(segment -> playlist.contains(segment.name() + "\n"))
        .flatMap(segment -> segment.pieces().stream())
        .toArray(ClipIndex.Piece[]::new);
  }

  @Test
  void of_clipShorterThanItsFades_shortensThem() throws Exception {
    Recording recording = new Recording("cam").add(video().file());
    ClipIndex clip = exact(recording, "a", 40, 60);

    FadedClip faded = of(clip, black(2_000_000), black(2_000_000), recording);

    assertThat(faded.note()).isEqualTo("a fade is shortened to 0.40 s, half of it");
    double[] before = brightness(mp4(recording, clip));
    double[] after = brightness(mp4(recording, faded.joined()));
    assertThat(after).hasSize(20);
    assertThat(after[0]).isLessThan(3);
    assertThat(after[19]).isLessThan(3);
    for (int at = 0; at < 20; at++) {
      double share = Math.min(at, 19 - at) / 10.0;
      assertThat(after[at]).isCloseTo(before[at] * share, within(3.0));
    }
  }

  @Test
  void of_bPictures_losesNone() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    TestVideo video = video().codec("libx264", 3).gop(50);
    Recording recording = new Recording("cam").add(video.file());
    ClipIndex clip = exact(recording, "a", 13, 231);

    FadedClip faded = of(clip, black(700_000), black(900_000), recording);

    assertThat(faded.note()).isNull();
    for (ClipIndex index : List.of(faded.last(), faded.joined())) {
      ClipIndex reel = Reel.join("reel", List.of(index, faded.joined()));
      for (Path file : List.of(mp4(recording, reel), hls(recording, reel))) {
        List<Integer> seen = TestVideo.cleanFrameNumbers(file, WIDTH, HEIGHT);
        assertThat(seen).hasSize(2 * 218);
        assertThat(seen.subList(18, 218 - 23)).isEqualTo(range(13 + 18, 231 - 23));
        assertThat(seen.subList(218 + 18, 436 - 23)).isEqualTo(range(13 + 18, 231 - 23));
      }
    }
  }

  /** The recording goes on with another encoder, and in other ticks. */
  @Test
  void of_clipOfTwoRecordings_fadesEachEndInItsOwnForm() throws Exception {
    TestVideo other =
        video().sound("opus", 1).gop(40).pictures(150).container(TestVideo.Container.MKV);
    Recording recording =
        new Recording("cam")
            .add(video().pictures(100).file(), START)
            .add(other.file(), START + 4_000_000);
    ClipIndex clip =
        Cut.exact(
                "a", recording.chunks(), START + 1_200_000, START + 7_000_000, recording, recording)
            .index();

    FadedClip faded = of(clip, HALF, HALF, recording);

    // The recordings' sound has two headers, and that of a fade one.
    assertThat(faded.note()).isEqualTo("its sound is encoded as a whole to fade");
    int second = 75;
    for (ClipIndex end : List.of(faded.last(), faded.joined())) {
      // FFmpeg's HLS, unlike players, takes no second header.
      Path file = mp4(recording, Reel.join("reel", List.of(faded.joined(), end)));
      List<Integer> seen = TestVideo.cleanFrameNumbers(file, WIDTH, HEIGHT);
      assertThat(seen).hasSize(2 * (70 + second));
      assertThat(seen.subList(13, 70)).isEqualTo(range(43, 100));
      assertThat(seen.subList(70, 70 + second - 13)).isEqualTo(range(0, second - 13));
    }
    double[] after = brightness(mp4(recording, faded.joined()));
    assertThat(after[0]).isLessThan(3);
    assertThat(after[70 + second - 1]).isLessThan(3);
  }

  @Test
  void of_av1_fadesAsAv1_andTakesAVideoBetween() throws Exception {
    Path av1 = folder.resolve("av1.mp4");
    FfmpegProgram.make(
        List.of(
            "-i",
            video().pictures(150).file().toString(),
            "-c:a",
            "copy",
            "-c:v",
            "libsvtav1",
            "-preset",
            "12",
            "-crf",
            "30",
            "-g",
            "40",
            "-svtav1-params",
            "lp=1",
            av1.toString()),
        out -> {});
    Recording recording = new Recording("cam").add(av1);
    ClipIndex clip = exact(recording, "a", 10, 140);
    Path sting = TestVideo.plain().size(160, 90).pictures(20).file();

    FadedClip faded = of(clip, HALF, HALF, recording);
    ClipIndex between = InsertedClip.of(sting, clip, "inserts/x/", 1, recording, recording);

    assertThat(faded.note()).isNull();
    ClipIndex reel = Reel.join("reel", List.of(faded.joined(), between, faded.last()));
    assertThat(reel.tracks()).hasSize(2);
    for (Path file : List.of(mp4(recording, reel), hls(recording, reel))) {
      List<Integer> seen = TestVideo.cleanFrameNumbers(file, WIDTH, HEIGHT);
      assertThat(seen).hasSize(130 + 20 + 130);
      assertThat(seen.subList(13, 117)).isEqualTo(range(23, 127));
      assertThat(seen.subList(130, 150)).isEqualTo(range(0, 20));
      assertThat(seen.subList(163, 280)).isEqualTo(range(23, 140));
    }
  }

  /** Of a codec that ours cannot stand beside. */
  @Test
  void of_hevc_isEncodedAsAWholeAndSaysSo() throws Exception {
    FfmpegProgram.assumeSystemProgram();
    Recording recording =
        new Recording("cam").add(video().codec("libx265", 0).pictures(100).file());
    ClipIndex clip =
        Cut.copy("a", recording.chunks(), START, START + 4_000_000, recording, recording).index();

    FadedClip faded = of(clip, HALF, HALF, recording);

    assertThat(faded.note()).startsWith("it is encoded as a whole to fade: only H.264");
    assertThat(faded.open()).isNull();
    Path file = mp4(recording, Reel.join("reel", List.of(faded.joined(), faded.last())));
    List<Integer> seen = TestVideo.cleanFrameNumbers(file, WIDTH, HEIGHT);
    assertThat(seen).hasSize(200);
    assertThat(seen.subList(13, 87)).isEqualTo(range(13, 87));
    assertThat(seen.subList(113, 200)).isEqualTo(range(13, 100));
  }

  /** Whose frames ours cannot stand among: they get a header of their own. */
  @Test
  void of_soundThatIsNotAac_fadesToo() throws Exception {
    Recording recording =
        new Recording("cam")
            .add(video().sound("opus", 1).container(TestVideo.Container.MKV).pictures(150).file());
    ClipIndex clip = exact(recording, "a", 10, 140);

    ClipIndex faded = of(clip, HALF, HALF, recording).joined();

    double[] after = loudness(mp4(recording, faded));
    assertThat(after.length / 100.0).isCloseTo(130 / 25.0, within(0.06));
    assertThat(after[25]).isCloseTo(after[200] / 2, within(after[200] * 0.1));
    assertThat(after[520 - 25]).isCloseTo(after[200] / 2, within(after[200] * 0.1));
  }

  @Test
  void of_colour_isTheColourWhereNothingIsSeen() throws Exception {
    Recording recording = new Recording("cam").add(video().pictures(100).file());
    ClipIndex clip = exact(recording, "a", 0, 100);
    Fade red = new Fade("red", 400_000, Backdrop.of(0xC02010));

    Path file = mp4(recording, of(clip, red, red, recording).joined());

    byte[] pixels =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    file.toString(),
                    "-map",
                    "0:v",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "rgb24",
                    "-"))
            .output();
    for (int picture : List.of(0, 99)) {
      int at = picture * WIDTH * HEIGHT * 3 + (HEIGHT / 2 * WIDTH + WIDTH / 2) * 3;
      assertThat(pixels[at] & 0xff).isCloseTo(0xC0, within(14));
      assertThat(pixels[at + 1] & 0xff).isCloseTo(0x20, within(14));
      assertThat(pixels[at + 2] & 0xff).isCloseTo(0x10, within(14));
    }
  }

  private static FadedClip of(ClipIndex clip, Fade in, Fade out, Recording recording)
      throws Exception {
    return FadedClip.of(clip, in, out, "clips/" + clip.clip() + "/", recording, recording);
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

  private static Set<String> ranges(ClipIndex index) {
    return index.pieces().stream()
        .map(piece -> piece.key() + "@" + piece.offset())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Of each picture on average, without the black that video never goes below. */
  private static double[] brightness(Path file) {
    byte[] gray =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    file.toString(),
                    "-map",
                    "0:v",
                    "-fps_mode",
                    "passthrough",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "gray",
                    "-"))
            .output();
    int size = WIDTH * HEIGHT;
    double[] means = new double[gray.length / size];
    for (int picture = 0; picture < means.length; picture++) {
      long sum = 0;
      for (int at = 0; at < size; at++) {
        sum += gray[picture * size + at] & 0xff;
      }
      means[picture] = (double) sum / size;
    }
    return means;
  }

  /** Of each hundredth of a second, the root mean square of its samples. */
  private static double[] loudness(Path file) {
    byte[] pcm =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    file.toString(),
                    "-map",
                    "0:a",
                    "-f",
                    "s16le",
                    "-ac",
                    "1",
                    "-ar",
                    "" + SAMPLES,
                    "-"))
            .output();
    ByteBuffer samples = ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN);
    int each = SAMPLES / 100;
    double[] loud = new double[pcm.length / 2 / each];
    for (int at = 0; at < loud.length; at++) {
      double sum = 0;
      for (int sample = 0; sample < each; sample++) {
        double value = samples.getShort(2 * (at * each + sample));
        sum += value * value;
      }
      loud[at] = Math.sqrt(sum / each);
    }
    return loud;
  }

  private Path mp4(Recording recording, ClipIndex index) throws Exception {
    Path file = folder.resolve("clip-" + files++ + ".mp4");
    try (OutputStream out = Files.newOutputStream(file)) {
      Mp4File.write(index, recording, out);
    }
    return file;
  }

  private Path hls(Recording recording, ClipIndex index) throws Exception {
    Path target = Files.createDirectory(folder.resolve("hls-" + files++));
    HlsExport.write(index, recording, target);
    return target.resolve("master.m3u8");
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
