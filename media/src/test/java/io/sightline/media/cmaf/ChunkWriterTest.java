package io.sightline.media.cmaf;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
