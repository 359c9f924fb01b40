package io.sightline.media.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.Reel;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.ClipIndex;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReelPlaylistsTest {

  private static final long START = Recording.START;

  @TempDir Path folder;

  @Test
  void media_ofAClip_isParsedAndAddsUp() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound("aac", 2).file());
    ClipIndex index = cut(recording, "clip", 1_200_000, 8_700_000);

    var master = new MasterPlaylistParser().readPlaylist(ReelPlaylists.master(index));
    assertThat(master.variants()).singleElement();
    assertThat(master.variants().get(0).uri()).isEqualTo("track-1.m3u8");
    assertThat(master.independentSegments()).isTrue();
    assertThat(master.alternativeRenditions())
        .extracting(rendition -> rendition.uri().get())
        .containsExactly("track-2.m3u8", "track-3.m3u8");
    for (int track = 1; track <= 3; track++) {
      MediaPlaylist playlist = parse(ReelPlaylists.media(index, track, true));
      assertThat(playlist.targetDuration()).isEqualTo(4);
      assertThat(playlist.ongoing()).isFalse();
      assertThat(playlist.mediaSegments())
          .allSatisfy(segment -> assertThat(segment.duration()).isBetween(0.5, 4.03));
      assertThat(playlist.mediaSegments().stream().mapToDouble(MediaSegment::duration).sum())
          .isBetween(7.72 - 0.001, 7.72 + 0.043);
      assertThat(playlist.mediaSegments().get(0).segmentMap().get().uri())
          .isEqualTo("init-" + track + ".mp4");
    }
  }

  @Test
  void media_ofAGrowingReel_onlyAppends() throws Exception {
    Recording recording =
        new Recording("cam").add(TestVideo.plain().sound().gop(10).pictures(500).file());
    Random random = new Random(23);
    List<ClipIndex> clips = new ArrayList<>();
    String before = "";
    for (int clip = 0; clip < 10; clip++) {
      long in = random.nextInt(15_000_000);
      clips.add(cut(recording, "clip" + clip, in, in + 500_000 + random.nextInt(4_000_000)));
      ClipIndex reel = Reel.join("reel", clips);
      for (int track = 1; track <= 2; track++) {
        assertThat(ReelPlaylists.segments(reel, track))
            .allSatisfy(segment -> assertThat(segment.durationMicros()).isLessThan(4_030_000));
      }
      String now = ReelPlaylists.media(reel, 1, false);
      assertThat(now).startsWith(before).contains("EVENT").doesNotContain("ENDLIST");
      before = now;
    }
  }

  @Test
  void segments_ofAGrowingReelOfExactClips_neverChange() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().pictures(500).file());
    Random random = new Random(41);
    List<ClipIndex> clips = new ArrayList<>();
    List<List<ReelSegment>> before = List.of(List.of(), List.of());
    for (int clip = 0; clip < 20; clip++) {
      long in = START + random.nextInt(17_000_000);
      long out = in + 200_000 + random.nextInt(2_000_000);
      clips.add(
          Cut.exact("clip" + clip, recording.chunks(), in, out, recording, recording).index());
      ClipIndex reel = Reel.join("reel", clips);
      for (int track = 1; track <= 2; track++) {
        List<ReelSegment> named = before.get(track - 1);
        List<ReelSegment> all = ReelPlaylists.segments(reel, track);
        assertThat(all.subList(0, named.size()).stream().map(ReelSegment::pieces).toList())
            .as("clip %d, track %d", clip, track)
            .isEqualTo(named.stream().map(ReelSegment::pieces).toList());
        String growing = ReelPlaylists.media(reel, track, false);
        assertThat(growing).doesNotContain("PROGRAM-DATE-TIME");
      }
      before = List.of(ReelSegments.settled(reel, 1), ReelSegments.settled(reel, 2));
    }
    assertThat(before.get(0)).hasSizeGreaterThan(10);
  }

  /** As people do who fetch a replay with ffmpeg, which takes all as it is. */
  @Test
  void reel_copiedByFfmpeg_isASoundFileOfAllPictures() throws Exception {
    Recording recording =
        new Recording("cam").add(TestVideo.plain().sound("aac", 2).pictures(500).file());
    Random random = new Random(13);
    List<ClipIndex> clips = new ArrayList<>();
    List<Integer> pictures = new ArrayList<>();
    for (int clip = 0; clip < 20; clip++) {
      int first = random.nextInt(440);
      int end = first + 13 + random.nextInt(45);
      clips.add(
          Cut.exact(
                  "clip" + clip,
                  recording.chunks(),
                  START + first * 40_000L,
                  START + end * 40_000L,
                  recording,
                  recording)
              .index());
      IntStream.range(first, end).forEach(pictures::add);
    }
    HlsExport.write(Reel.join("reel", clips), recording, folder);
    Path copy = folder.resolve("copy.mp4");

    FfmpegProgram.Result result =
        FfmpegProgram.ffmpeg(
            List.of(
                "-i",
                folder.resolve("master.m3u8").toString(),
                "-map",
                "0",
                "-c",
                "copy",
                copy.toString()));

    assertThat(result.exitCode()).as(String.join("\n", result.errors())).isZero();
    assertThat(result.errors()).isEmpty();
    assertThat(TestVideo.cleanFrameNumbers(copy, 320, 180)).isEqualTo(pictures);
    for (String stream : List.of("v:0", "a:0", "a:1")) {
      List<Double> times = decodeTimes(copy, stream);
      assertThat(times).as(stream).isSorted().doesNotHaveDuplicates();
      assertThat(times.get(times.size() - 1) - times.get(0))
          .as(stream)
          .isBetween(pictures.size() / 25.0 - 0.07, pictures.size() / 25.0);
    }
  }

  /** Some clips were cut with one sound track alone, of others the same one plays. */
  @Test
  void reel_ofOneSoundTrack_joinsClipsThatHaveMore() throws Exception {
    Recording recording =
        new Recording("cam").add(TestVideo.plain().sound("aac", 2).pictures(500).file());
    List<ChunkInfo> alone =
        recording.chunks().stream().map(chunk -> chunk.withSound(2).orElseThrow()).toList();
    List<ClipIndex> clips = new ArrayList<>();
    List<Integer> pictures = new ArrayList<>();
    for (int clip = 0; clip < 6; clip++) {
      int first = 3 + 70 * clip;
      int end = first + 20 + 7 * clip;
      List<ChunkInfo> chunks = clip % 2 == 0 ? alone : recording.chunks();
      clips.add(
          Cut.exact(
                  "clip" + clip,
                  chunks,
                  START + first * 40_000L,
                  START + end * 40_000L,
                  recording,
                  recording)
              .index()
              .withSound(2));
      IntStream.range(first, end).forEach(pictures::add);
    }

    ClipIndex reel = Reel.join("reel", clips);
    HlsExport.write(reel, recording, folder);

    assertThat(reel.tracks().stream().map(TrackInfo::track).distinct()).hasSize(2);
    Path master = folder.resolve("master.m3u8");
    assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
    assertThat(TestVideo.frameNumbers(master)).isEqualTo(pictures);
    assertThat(new MasterPlaylistParser().readPlaylist(master).alternativeRenditions()).hasSize(1);
  }

  private static List<Double> decodeTimes(Path file, String stream) {
    return FfmpegProgram.ffprobe(
            "-v",
            "error",
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
  void file_byItsName_isWhatTheExportWrites() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().file());
    ClipIndex index = cut(recording, "clip", 0, 5_300_000);
    HlsExport.write(index, recording, folder);

    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        ReelFile found = ReelPlaylists.file(index, name, true, recording).orElseThrow();
        assertThat(found.length()).isEqualTo(Files.size(file));
      }
    }
    for (String name :
        List.of("../x", "seg-9-0.m4s", "seg-1-99.m4s", "track-7.m3u8", "init-1-9.mp4", "", "x")) {
      assertThat(ReelPlaylists.file(index, name, true, recording)).isEmpty();
    }
  }

  @Test
  void file_overHttp_playsEveryPicture() throws Exception {
    Recording recording = new Recording("cam").add(TestVideo.plain().sound().gop(12).file());
    ClipIndex index =
        Reel.join(
            "reel",
            List.of(
                cut(recording, "a", 4_800_000, 9_000_000),
                cut(recording, "b", 480_000, 1_000_000),
                cut(recording, "c", 3_360_000, 3_480_000)));
    try (RangeServer server = new RangeServer()) {
      List<String> names = new ArrayList<>(List.of("master.m3u8"));
      for (int track = 1; track <= 2; track++) {
        names.add("track-" + track + ".m3u8");
        for (ReelSegment segment : ReelPlaylists.segments(index, track)) {
          names.add(segment.init());
          names.add(segment.name());
        }
      }
      for (String name : names) {
        server.put(
            name, content(ReelPlaylists.file(index, name, true, recording).get(), recording));
      }
      String url = server.url("master.m3u8");
      List<Integer> expected = new ArrayList<>(range(120, 225));
      expected.addAll(range(12, 25));
      expected.addAll(range(84, 87));
      assertThat(TestVideo.frameNumbers(url)).hasToString(expected.toString());
      assertThat(FfmpegProgram.decodesCleanly(url)).isEmpty();
    }
  }

  @Test
  void export_ofDifferentStreams_changesTheInitPart() throws Exception {
    Recording one = new Recording("one").add(TestVideo.plain().sound().file());
    Recording two =
        new Recording("two")
            .add(
                TestVideo.plain()
                    .size(480, 270)
                    .rate("30000/1001")
                    .sound()
                    .container(TestVideo.Container.MKV)
                    .file());
    List<ClipIndex> clips = new ArrayList<>();
    clips.add(cut(one, "a", 1_000_000, 3_500_000));
    clips.add(cut(two, "b", 0, 4_000_000));
    clips.add(cut(one, "c", 6_000_000, 9_000_000));
    int expected = 63 + 120 + 75;
    Path visits = Path.of("../../shared/media/visits.mp4");
    Recording three = new Recording("three");
    if (Files.exists(visits)) {
      three.add(visits);
      clips.add(cut(three, "d", 20_000_000, 23_000_000));
    }
    one.objects().putAll(two.objects());
    one.objects().putAll(three.objects());
    ClipIndex reel = Reel.join("reel", clips);

    assertThat(reel.tracks().stream().filter(info -> info.kind() == TrackInfo.Kind.VIDEO))
        .hasSizeGreaterThanOrEqualTo(2);
    MediaPlaylist playlist = parse(ReelPlaylists.media(reel, 1, true));
    assertThat(playlist.mediaSegments().stream().filter(MediaSegment::discontinuity)).isEmpty();
    HlsExport.write(reel, one, folder);
    Path mp4 = folder.resolve("reel.mp4");
    try (OutputStream out = Files.newOutputStream(mp4)) {
      Mp4File.write(reel, one, out);
    }
    for (Path file : List.of(folder.resolve("master.m3u8"), mp4)) {
      assertThat(
              FfmpegProgram.ffmpeg(
                      List.of(
                          "-v",
                          "error",
                          "-i",
                          file.toString(),
                          "-map",
                          "0",
                          "-enc_time_base:v",
                          "demux",
                          "-fps_mode",
                          "passthrough",
                          "-f",
                          "null",
                          "-"))
                  .errors())
          .isEmpty();
      List<Long> times = times(file);
      assertThat(times).isSorted().doesNotHaveDuplicates();
      assertThat(times.size()).isGreaterThanOrEqualTo(expected);
      for (int index = 1; index < times.size(); index++) {
        assertThat(times.get(index) - times.get(index - 1)).isLessThan(110_000);
      }
    }
  }

  @Test
  void join_ofClipsWithDifferentDelays_growsTheSmaller() throws Exception {
    Path visits = Path.of("../../shared/media/visits.mp4");
    assumeThat(visits).as("a real recording with reordered pictures").exists();
    Recording reordered = new Recording("a").add(visits);
    Recording straight = new Recording("b").add(TestVideo.plain().file());
    ClipIndex first = cut(straight, "x", 0, 2_000_000);
    ClipIndex second = cut(reordered, "y", 8_000_000, 10_000_000);
    assertThat(first.reorderMicros()).isZero();
    assertThat(second.reorderMicros()).isPositive();
    straight.objects().putAll(reordered.objects());

    ClipIndex reel = Reel.join("reel", List.of(first, second));

    assertThat(reel.reorderMicros()).isEqualTo(second.reorderMicros());
    HlsExport.write(reel, straight, folder);
    List<Long> times = times(folder.resolve("track-1.m3u8"));
    assertThat(times.get(50) - times.get(49)).isBetween(39_000L, 41_000L);
  }

  private ClipIndex cut(Recording recording, String id, long in, long out) throws Exception {
    CutResult cut = Cut.copy(id, recording.chunks(), START + in, START + out, recording, recording);
    return cut.index();
  }

  private static byte[] content(ReelFile file, Recording recording) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (MediaPart part : file.parts()) {
      if (part instanceof MediaPart.Bytes made) {
        out.write(made.content());
      } else if (part instanceof MediaPart.Range range) {
        out.write(recording.read(range.key(), range.offset(), range.length()));
      }
    }
    return out.toByteArray();
  }

  /** Presentation times of all decoded pictures, in microseconds. */
  private static List<Long> times(Path file) {
    return FfmpegProgram.ffprobe(
            "-select_streams",
            "v:0",
            "-show_entries",
            "frame=pts_time",
            "-of",
            "csv=p=0",
            file.toString())
        .text()
        .lines()
        .map(line -> line.replace(",", ""))
        .filter(line -> !line.isBlank())
        .map(line -> Math.round(Double.parseDouble(line) * 1_000_000))
        .toList();
  }

  private static MediaPlaylist parse(String text) throws Exception {
    return new MediaPlaylistParser().readPlaylist(text);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}
