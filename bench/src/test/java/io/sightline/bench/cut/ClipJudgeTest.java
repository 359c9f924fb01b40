package io.sightline.bench.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bench.PictureNumbers;
import io.sightline.bench.Processor;
import io.sightline.bench.Workbench;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClipJudgeTest {

  private static final int SECOND = 1_000_000;

  @ParameterizedTest
  @EnumSource(ClipJudge.Form.class)
  void exactClips_haveNoWrongPicture_andOneTooFewIsSeen(ClipJudge.Form form) throws Exception {
    Assumptions.assumeTrue(Processor.tells(), "Skipped: there is no /proc here");
    try (Workbench bench = Workbench.open(sentence -> {})) {
      RecordedFilm film = RecordedFilm.of(film(bench));
      long in = film.startMicros() + SECOND / 2;
      CutResult cut = Cut.exact("clip", film.chunks(), in, in + 2 * SECOND, film, film);
      ClipJudge judge = new ClipJudge(bench);
      List<Integer> expected = IntStream.range(5, 25).boxed().toList();

      for (int clip = 0; clip < 3; clip++) {
        assertThat(judge.add(cut.index(), film, form, expected)).isZero();
      }
      assertThat(judge.finish()).isZero();
      judge.add(cut.index(), film, form, expected);
      judge.add(cut.index(), film, form, expected.subList(0, 19));
      assertThat(judge.finish()).isEqualTo(1);
    }
  }

  @Test
  void differences_countWhatIsMissingTooManyOrInAnothersPlace() {
    assertThat(ClipJudge.differences(List.of(1, 2, 3), List.of(1, 2, 3))).isZero();
    assertThat(ClipJudge.differences(List.of(1, 2), List.of(1, 2, 3))).isEqualTo(1);
    assertThat(ClipJudge.differences(List.of(1, 2, 3, 4), List.of(1, 2, 3))).isEqualTo(1);
    assertThat(ClipJudge.differences(List.of(2, 3), List.of(1, 2, 3))).isEqualTo(3);
    assertThat(ClipJudge.differences(List.of(), List.of(1))).isEqualTo(1);
  }

  /** Three seconds of ten pictures, a keyframe each second. */
  private static Path film(Workbench bench) throws Exception {
    Path film = bench.emptied("film").resolve("film.mp4");
    String pictures = PictureNumbers.on("testsrc2=size=320x180:rate=10", 320, "10");
    List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", pictures));
    arguments.addAll(List.of("-t", "3", "-c:v", "libopenh264", "-g", "10", "-b:v", "800k"));
    arguments.add(film.toString());
    bench.ffmpeg().run(arguments);
    return film;
  }
}
