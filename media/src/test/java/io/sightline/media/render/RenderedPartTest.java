package io.sightline.media.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.Reel;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.hls.MediaPart;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Interval;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.Point;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.RenditionSpec;
import io.sightline.records.RenditionSpec.Aspect;
import io.sightline.records.RenditionSpec.Fit;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderedPartTest {

  private static final long START = Recording.START;
  private static final ReelPartOrder.Fade FADE = new ReelPartOrder.Fade(400_000, 0, null);
  private static final RenditionSpec SMALL = new RenditionSpec("360p", 360, null, null);

  @TempDir private Path folder;

  private final Recording recording = new Recording("cam");
  private int files;

  @ParameterizedTest
  @NullSource
  @ValueSource(doubles = -20)
  void partsOfAReel_haveThePicturesOfTheReel_atTheSameTimes(Double lufs) throws Exception {
    record(film().sound().beeps(new Interval(0, 10)));
    List<ReelPart> parts =
        List.of(
            faded("a", 10, 85, null, FADE),
            faded("b", 120, 201, FADE, FADE),
            faded("c", 30, 38, FADE, FADE),
            faded("d", 40, 110, FADE, FADE));
    List<ClipIndex> plain = new ArrayList<>();
    List<ClipIndex> other = new ArrayList<>();
    for (int at = 0; at < parts.size(); at++) {
      ReelPart rendered =
          render("r" + at, parts.get(at), new RenditionSpec("360p", 360, null, null, false, lufs));
      boolean last = at == parts.size() - 1;
      plain.add(last ? parts.get(at).last() : parts.get(at).joined());
      other.add(last ? rendered.last() : rendered.joined());
    }

    Path before = hls(Reel.join("plain", plain));
    Path after = hls(Reel.join("other", other));

    List<Integer> expected = TestVideo.cleanFrameNumbers(before, 960, 540);
    List<Integer> seen = TestVideo.cleanFrameNumbers(after, 640, 360);
    assertThat(seen).hasSize(75 + 81 + 8 + 70).hasSameSizeAs(expected);
    for (int[] clear : new int[][] {{0, 65}, {85, 146}, {175, 234}}) {
      assertThat(seen.subList(clear[0], clear[1])).isEqualTo(expected.subList(clear[0], clear[1]));
    }
    assertThat(times(after, "v")).isEqualTo(times(before, "v"));
    double soundBefore = end(times(before, "a"));
    assertThat(end(times(after, "a"))).isCloseTo(soundBefore, within(0.05));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(doubles = -20)
  void playlistsOfWhatGrows_nameNothingThatChanges(Double lufs) throws Exception {
    record(film().sound().beeps(new Interval(0, 10)));
    RenditionSpec wanted = new RenditionSpec("360p", 360, null, null, false, lufs);
    ReelPart first = render("r1", faded("a", 10, 110, null, FADE), wanted);
    ReelPart second = render("r2", faded("b", 120, 240, FADE, FADE), wanted);
    List<List<ClipIndex>> grows =
        List.of(
            List.of(first.open()),
            List.of(first.joined(), second.open()),
            List.of(first.joined(), second.last()));

    Map<String, byte[]> named = new TreeMap<>();
    String[] lists = {"", ""};
    for (List<ClipIndex> clips : grows) {
      ClipIndex reel = Reel.join("reel", clips);
      for (int track = 1; track <= 2; track++) {
        String list = ReelPlaylists.media(reel, track, false);
        assertThat(list).startsWith(lists[track - 1]);
        lists[track - 1] = list;
      }
      for (String name : ReelPlaylists.mediaNames(reel, false)) {
        byte[] content = content(ReelPlaylists.file(reel, name, false, recording).orElseThrow());
        assertThat(named.getOrDefault(name, content)).as(name).isEqualTo(content);
        named.put(name, content);
      }
    }
    assertThat(lists[0]).contains("seg-1-1.m4s");
    // Nothing follows the first one: it ends as it is.
    assertThat(
            TestVideo.cleanFrameNumbers(hls(Reel.join("alone", List.of(first.last()))), 640, 360))
        .isEqualTo(IntStream.range(10, 110).boxed().toList());
  }

  @Test
  void partThatFades_followsThePathOfItsClip() throws Exception {
    record(film());
    List<Long> asked = new ArrayList<>();
    CropPath path =
        position -> {
          asked.add(Math.round((position - START) / 40_000.0));
          return new Point((position - START) / 10_000_000.0, 0.5);
        };

    ReelPart part = faded("a", 20, 100, FADE, FADE);
    ReelPart rendered =
        render("r", part, new RenditionSpec("tall", 360, Aspect.VERTICAL, Fit.COVER), path);

    assertThat(new TreeSet<>(asked))
        .containsExactlyElementsOf(IntStream.range(20, 100).mapToObj(Long::valueOf).toList());
    String x = "floor(max(0\\,min(960-302\\,(n+20)/250*960-151))/2)*2";
    byte[] expected =
        luma(hls(part.joined()), "crop=302:540:" + x + ":0:exact=1,scale=360:640:flags=bicubic");
    byte[] seen = luma(hls(rendered.joined()), "null");
    assertThat(seen).hasSameSizeAs(expected);
    long sum = 0;
    for (int at = 0; at < seen.length; at++) {
      sum += Math.abs((seen[at] & 0xff) - (expected[at] & 0xff));
    }
    assertThat(sum / (double) seen.length).isLessThan(4);
  }

  @Test
  void videoInTheFormOfAClip_isRenderedAsAClipIs() throws Exception {
    record(film().sound());
    cut("a", 10, 85);
    recording.put(
        new NewObject(
            "inserts/1a.video",
            Files.readAllBytes(TestVideo.plain().size(320, 180).pictures(40).sound().file())));
    ReelPart part =
        EncodedPart.make(
            new ReelPartOrder(
                "inserts/1a-form/part.json", "clips/a/index.json", null, null, "inserts/1a.video"),
            recording,
            recording);

    ReelPart rendered =
        RenderedPart.render(
            "1a-form.360p",
            "inserts/1a-form/360p/",
            part,
            SMALL,
            CropPath.MIDDLE,
            VideoEncoder.OPENH264,
            recording,
            recording);

    assertThat(rendered.open()).isNull();
    assertThat(rendered.joined()).isNull();
    assertThat(rendered.last().pieces()).allMatch(piece -> piece.key().startsWith("inserts/1a-"));
    assertThat(TestVideo.cleanFrameNumbers(hls(rendered.last()), 640, 360))
        .isEqualTo(IntStream.range(0, 40).boxed().toList());
  }

  private static TestVideo film() {
    return TestVideo.plain().size(960, 540).pictures(250).gop(25);
  }

  private void record(TestVideo film) throws Exception {
    recording.add(film.file());
  }

  private void cut(String id, int from, int to) throws Exception {
    ClipIndex clip =
        Cut.exact(
                id,
                recording.chunks(),
                START + from * 40_000L,
                START + to * 40_000L,
                recording,
                recording)
            .index();
    recording.put(new NewObject("clips/" + id + "/index.json", Json.encode(clip)));
  }

  private ReelPart faded(String id, int from, int to, ReelPartOrder.Fade in, ReelPartOrder.Fade out)
      throws Exception {
    cut(id, from, to);
    String clip = "clips/" + id + "/";
    ReelPart part =
        EncodedPart.make(
            new ReelPartOrder(clip + "faded-1/part.json", clip + "index.json", in, out, null),
            recording,
            recording);
    assertThat(part.error()).isNull();
    return part;
  }

  private ReelPart render(String id, ReelPart part, RenditionSpec wanted) throws Exception {
    return render(id, part, wanted, CropPath.MIDDLE);
  }

  private ReelPart render(String id, ReelPart part, RenditionSpec wanted, CropPath path)
      throws Exception {
    return RenderedPart.render(
        id, "clips/" + id + "/", part, wanted, path, VideoEncoder.OPENH264, recording, recording);
  }

  private Path hls(ClipIndex reel) throws Exception {
    Path target = Files.createDirectory(folder.resolve("hls-" + files++));
    HlsExport.write(reel, recording, target);
    return target.resolve("master.m3u8");
  }

  private byte[] content(ReelFile file) throws Exception {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (MediaPart part : file.parts()) {
      content.writeBytes(
          part instanceof MediaPart.Range range
              ? recording.read(range.key(), range.offset(), range.length())
              : ((MediaPart.Bytes) part).content());
    }
    return content.toByteArray();
  }

  private static List<Double> times(Path file, String kind) {
    String found =
        FfmpegProgram.ffprobe(
                "-select_streams",
                kind + ":0",
                "-show_entries",
                "frame=pts_time",
                "-of",
                "csv=p=0",
                file.toString())
            .text();
    return found
        .lines()
        .map(line -> line.replace(",", "").trim())
        .filter(line -> !line.isEmpty())
        .map(Double::valueOf)
        .toList();
  }

  private static double end(List<Double> times) {
    return times.get(times.size() - 1);
  }

  private static byte[] luma(Path file, String filter) {
    return FfmpegProgram.ffmpeg(
            List.of(
                "-i",
                file.toString(),
                "-map",
                "0:v",
                "-vf",
                filter,
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "gray",
                "-"))
        .output();
  }
}
