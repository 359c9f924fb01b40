package io.sightline.bench.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bench.Figure;
import io.sightline.bench.Processor;
import io.sightline.bench.Workbench;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ExactnessTest {

  private static final int CUTS = 1;
  private static final long LONGEST_MICROS = 2_000_000;

  /** What this machine cannot make is said and left out. */
  @Test
  void aCutOfEverySourceType_hasNoWrongPicture_inFfmpegNorInChromium() throws Exception {
    Assumptions.assumeTrue(Processor.tells(), "Skipped: there is no /proc here");
    List<String> said = new ArrayList<>();
    List<Figure> figures;
    try (Workbench bench = Workbench.open(CUTS, "", said::add)) {
      figures = Exactness.measure(bench, LONGEST_MICROS);
    }

    String all = String.join("\n", said);
    assertThat(figures).as(all).allMatch(figure -> figure.value() == 0);
    List<String> left = said.stream().filter(line -> line.contains(": left out, ")).toList();
    left.forEach(System.out::println);
    said.stream().filter(line -> line.startsWith("no Chromium")).forEach(System.out::println);
    assertThat(figures.size() - 1 + left.size()).as(all).isEqualTo(SourceType.all().size());
  }
}
