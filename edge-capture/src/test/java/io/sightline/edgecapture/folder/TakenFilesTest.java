package io.sightline.edgecapture.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenFilesTest {

  @TempDir Path folder;

  @Test
  void open_again_knowsWhatWasTakenAndWhatWasBegun() {
    Path journal = folder.resolve("taken").resolve("a.jsonl");
    try (TakenFiles taken = TakenFiles.open(journal)) {
      taken.working("d1", 17);
      taken.taken(file("a \n\"ü.ts", 100, 5_000), "d1", 77);
      taken.working("d2", 23);
      taken.working("d2", 42);
    }

    try (TakenFiles taken = TakenFiles.open(journal)) {
      assertThat(taken.knows(file("a \n\"ü.ts", 100, 5_000))).isTrue();
      assertThat(taken.knows(file("a \n\"ü.ts", 100, 5_001))).isFalse();
      assertThat(taken.knows(file("b.ts", 100, 5_000))).isFalse();
      assertThat(taken.knows("d1")).isTrue();
      assertThat(taken.knows("d2")).isFalse();
      assertThat(taken.at("d1")).isNull();
      assertThat(taken.at("d2")).isEqualTo(42);
      assertThat(taken.openDigest()).isEqualTo("d2");
      assertThat(taken.reachedMicros()).isEqualTo(77);
    }
  }

  @Test
  void open_afterAKillInMidLine_believesTheLinesBefore() throws Exception {
    Path journal = folder.resolve("a.jsonl");
    try (TakenFiles taken = TakenFiles.open(journal)) {
      taken.taken(file("a.ts", 1, 1), "d1", 0);
    }
    Files.writeString(journal, "{\"digest\":\"d2\",\"na", StandardOpenOption.APPEND);

    try (TakenFiles taken = TakenFiles.open(journal)) {
      assertThat(taken.knows("d1")).isTrue();
      assertThat(taken.knows("d2")).isFalse();
      taken.taken(file("b.ts", 1, 1), "d3", 0);
    }
    try (TakenFiles taken = TakenFiles.open(journal)) {
      assertThat(taken.knows("d1")).isTrue();
      assertThat(taken.knows("d3")).isTrue();
    }
  }

  @Test
  void taken_nameUsedAgain_theOldContentIsForgotten() {
    try (TakenFiles taken = TakenFiles.open(null)) {
      taken.taken(file("seg0.ts", 1, 1), "d1", 0);
      taken.taken(file("copy.ts", 1, 1), "d1", 0);
      taken.taken(file("seg0.ts", 2, 2), "d2", 0);

      assertThat(taken.knows("d1")).isTrue();
      taken.taken(file("copy.ts", 2, 2), "d3", 0);
      assertThat(taken.knows("d1")).isFalse();
      assertThat(taken.knows("d2")).isTrue();
    }
  }

  @Test
  void taken_moreThanAreRemembered_theOldestCountAsTakenByTheirTime() {
    Path journal = folder.resolve("a.jsonl");
    try (TakenFiles taken = TakenFiles.open(null)) {
      for (int n = 0; n <= TakenFiles.MAX_FILES; n++) {
        taken.taken(file(n + ".ts", 1, n + 1), "d" + n, 0);
      }
      assertThat(taken.count()).isLessThan(TakenFiles.MAX_FILES);
      assertThat(taken.knows(file("0.ts", 1, 1))).isTrue();
      assertThat(taken.knows(file("late.ts", 1, 2))).isTrue();
      assertThat(taken.knows(file("new.ts", 1, TakenFiles.MAX_FILES + 2))).isFalse();
    }
    assertThat(journal).doesNotExist();
  }

  @Test
  void taken_placeThatCannotBeWritten_isRememberedInMemory() throws Exception {
    Path blocked = Files.createFile(folder.resolve("file")).resolve("a.jsonl");
    try (TakenFiles taken = TakenFiles.open(blocked)) {
      taken.taken(file("a.ts", 1, 1), "d1", 0);
      assertThat(taken.knows("d1")).isTrue();
    }
  }

  private static FolderFile file(String name, long size, long modified) {
    return new FolderFile(name, Path.of(name.replace("\n", "")), size, modified);
  }
}
