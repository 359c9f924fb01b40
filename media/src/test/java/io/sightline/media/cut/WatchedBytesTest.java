package io.sightline.media.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Progress;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedBytesTest {

  @Test
  void bytesOfAClipThatIsEncoded_tellHowFarItIs_andOnceMoreForItsMp4() throws Exception {
    Recording recording = new Recording("lobby").add(TestVideo.plain().gop(250).file());
    List<String> told = new ArrayList<>();
    List<Double> fractions = new ArrayList<>();
    Progress progress =
        (doing, fraction) -> {
          told.add(doing);
          fractions.add(fraction);
        };
    List<String> keys = recording.chunks().stream().map(ChunkInfo::key).toList();

    CutResult cut =
        Cut.exact(
            "clip",
            recording.chunks(),
            Recording.START + 500_000,
            Recording.START + 9_500_000,
            new WatchedBytes(recording, keys, "cutting", progress),
            recording);
    Mp4File.write(
        cut.index(),
        WatchedBytes.of(recording, cut.index(), "writing the MP4", progress),
        OutputStream.nullOutputStream());

    assertThat(told.stream().distinct()).containsExactly("cutting", "writing the MP4");
    int mp4 = told.indexOf("writing the MP4");
    assertThat(fractions.subList(0, mp4)).containsSubsequence(0.0, 1 / 3.0, 2 / 3.0);
    List<Double> written = fractions.subList(mp4, fractions.size());
    assertThat(written).contains(0.0).last().satisfies(end -> assertThat(end).isBetween(0.7, 1.0));
  }
}
