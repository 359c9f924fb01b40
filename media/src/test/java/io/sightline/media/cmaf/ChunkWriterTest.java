package io.sightline.media.cmaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkWriterTest {

  @TempDir Path folder;

  @Test
  void accept_h264AndAac_givesEveryPictureAtItsPlace() throws Exception {
    TestVideo video = TestVideo.plain().sound();
    Recording recording = new Recording("cam").add(video.file());

    assertThat(recording.chunks()).hasSize(5);
    assertThat(recording.chunks().get(0).positionMicros()).isEqualTo(Recording.START);
    assertThat(recording.chunks().get(1).positionMicros()).isEqualTo(Recording.START + 2_000_000);
    assertThat(recording.chunks().get(0).tracks())
        .extracting(TrackInfo::codec)
        .containsExactly("avc1.640c0d", "mp4a.40.2");
    Path track = trackFile(recording, 1);
    assertThat(FfmpegProgram.decodesCleanly(track)).isEmpty();
    assertThat(TestVideo.frameNumbers(track)).isEqualTo(numbers(250));
    assertThat(FfmpegProgram.decodesCleanly(trackFile(recording, 2))).isEmpty();
  }

  @Test
  void accept_anySource_decodeTimesRunOn() {
    for (TestVideo.Container container : List.of(TestVideo.Container.TS, TestVideo.Container.MKV)) {
      TestVideo video = TestVideo.plain().sound().rate("30000/1001").container(container);
      Recording recording = new Recording("cam").add(video.file());
      for (int track = 1; track <= 2; track++) {
        long expected = -1;
        for (ChunkInfo chunk : recording.chunks()) {
          for (Fragment fragment : ListedFragments.of(chunk, track)) {
            if (expected >= 0) {
              assertThat(fragment.decodeTicks()).isEqualTo(expected);
            }
            expected = fragment.decodeTicks() + fragment.durationTicks();
          }
        }
      }
    }
  }

  @Test
  void accept_otherCodecs_areDescribedAndCopied() throws Exception {
    TestVideo plain = TestVideo.plain().pictures(100).container(TestVideo.Container.MKV);
    Map<TestVideo, List<String>> expected = new LinkedHashMap<>();
    expected.put(plain.codec("libsvtav1", 0).sound("libopus", 1), List.of("av01.0.", "opus"));
    expected.put(plain.codec("libvpx-vp9", 0).sound("ac3", 1), List.of("vp09.00.", "ac-3"));
    expected.put(plain.sound("libmp3lame", 1), List.of("avc1.", "mp4a.6B"));
    for (Map.Entry<TestVideo, List<String>> entry : expected.entrySet()) {
      Recording recording = new Recording("cam").add(entry.getKey().file());

      List<TrackInfo> tracks = recording.chunks().get(0).tracks();
      assertThat(tracks).hasSize(2);
      for (int track = 1; track <= 2; track++) {
        assertThat(tracks.get(track - 1).codec()).startsWith(entry.getValue().get(track - 1));
        assertThat(FfmpegProgram.decodesCleanly(trackFile(recording, track))).isEmpty();
      }
      assertThat(TestVideo.frameNumbers(trackFile(recording, 1)))
          .hasToString(numbers(100).toString());
    }
  }

  @Test
  void accept_aByteStream_isPrefixedWithLengthsAndHasItsParameterSets() throws Exception {
    TestVideo video = TestVideo.plain().sound().container(TestVideo.Container.TS);
    Recording recording = new Recording("cam").add(video.file());

    Path track = trackFile(recording, 1);
    assertThat(FfmpegProgram.decodesCleanly(track)).isEmpty();
    assertThat(TestVideo.frameNumbers(track)).hasToString(numbers(250).toString());
    ChunkInfo chunk = recording.chunks().get(1);
    Fragment fragment = ListedFragments.of(chunk, 1).get(0);
    byte[] bytes = recording.read(chunk.key(), fragment.offset(), fragment.length());
    FragmentSample first = MovieFragment.read(bytes).samples().get(0);
    ParameterSets sets = new ParameterSets(false);
    for (ByteBuffer unit :
        NalUnits.ofSample(ByteBuffer.wrap(bytes, (int) first.offset(), first.size()), 4)) {
      if (sets.isSet(sets.typeOf(unit))) {
        sets.add(unit);
      }
    }
    assertThat(sets.complete()).isTrue();
  }

  @Test
  void accept_aGopLongerThanAChunk_isCutInsideIt() throws Exception {
    TestVideo video = TestVideo.plain().sound().gop(225).pictures(450);
    Recording recording = new Recording("cam").add(video.file());

    for (ChunkInfo chunk : recording.chunks()) {
      assertThat(chunk.durationMicros()).isLessThanOrEqualTo(4_000_000);
      for (Fragment fragment : ListedFragments.of(chunk, 2)) {
        assertThat(fragment.durationTicks()).isLessThanOrEqualTo(4 * 48_000 + 1024);
      }
    }
    assertThat(recording.chunks().get(1).fragments().get(0).independent()).isFalse();
    assertThat(TestVideo.frameNumbers(trackFile(recording, 1)))
        .hasToString(numbers(450).toString());
  }

  @Test
  void accept_randomGopsAndTargets_keepTheRules() throws Exception {
    Random random = new Random(17);
    for (int round = 0; round < 6; round++) {
      int gop = 1 + random.nextInt(130);
      Duration target = Duration.ofMillis(1_000 + random.nextInt(3_000));
      TestVideo video = TestVideo.plain().size(160, 90).sound().gop(gop).pictures(200);
      Recording recording = new Recording("cam", target).add(video.file());

      long position = Recording.START;
      for (ChunkInfo chunk : recording.chunks()) {
        assertThat(chunk.positionMicros()).isEqualTo(position);
        position = chunk.endMicros();
        assertThat(chunk.durationMicros()).isLessThanOrEqualTo(2_000 * target.toMillis());
        int track = 0;
        for (Fragment fragment : chunk.fragments()) {
          assertThat(fragment.track())
              .as("one track after the other")
              .isGreaterThanOrEqualTo(track);
          track = fragment.track();
        }
      }
      assertThat(position).isEqualTo(Recording.START + 8_000_000);
    }
  }

  @Test
  void accept_nothingThatCanBeCopied_isRefused() {
    Path file = TestVideo.plain().codec("mpeg2video", 0).container(TestVideo.Container.TS).file();

    assertThatThrownBy(() -> new Recording("cam").add(file))
        .hasMessageContaining("cannot be recorded without encoding it");
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private Path trackFile(Recording recording, int track) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ChunkInfo first = recording.chunks().get(0);
    for (TrackInfo info : first.tracks()) {
      if (info.track() == track) {
        out.write(recording.read(info.initKey(), 0, -1));
      }
    }
    for (ChunkInfo chunk : recording.chunks()) {
      for (Fragment fragment : ListedFragments.of(chunk, track)) {
        out.write(recording.read(chunk.key(), fragment.offset(), fragment.length()));
      }
    }
    return Files.write(folder.resolve("track-" + track + ".mp4"), out.toByteArray());
  }
}
