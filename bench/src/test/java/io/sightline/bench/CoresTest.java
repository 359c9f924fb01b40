package io.sightline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoresTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "0-3|0,1,2,3", "0-1,4,8-9|0,1,4,8,9"})
  void parse_whatLinuxSays_isEveryProcessor(String said, String meant) {
    List<Integer> wanted = List.of(meant.split(",")).stream().map(Integer::valueOf).toList();

    assertThat(Cores.parse(said)).isEqualTo(wanted);
  }

  @Test
  void part_twoProcesses_runOnProcessorsOfTheirOwn() throws Exception {
    String before = allowed("self");
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      try (Cores cores = Cores.part(other)) {
        assumeTrue(cores.alone(), "taskset is missing, or there is only one processor");
        List<Integer> ours = Cores.parse(allowed("self"));
        List<Integer> theirs = Cores.parse(allowed(Long.toString(other.pid())));

        assertThat(ours).hasSize(cores.ours()).doesNotContainAnyElementsOf(theirs);
        assertThat(theirs).isNotEmpty();
      }
      assertThat(allowed("self")).isEqualTo(before);
    } finally {
      other.destroyForcibly();
    }
  }

  private static String allowed(String process) throws Exception {
    return Files.readAllLines(Path.of("/proc", process, "status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.split(":")[1].strip())
        .findFirst()
        .orElseThrow();
  }
}
