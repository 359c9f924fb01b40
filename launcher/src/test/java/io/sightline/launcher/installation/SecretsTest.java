package io.sightline.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

  private static final int STARTS = 8;

  @TempDir Path folder;

  @Test
  void of_newFolder_makesSecretsThatOnlyTheirOwnerMayRead() throws IOException {
    Secrets secrets = Secrets.of(folder);

    assertThat(Set.of(secrets.adminToken(), secrets.agentToken(), secrets.signingKey()))
        .hasSize(3)
        .allMatch(secret -> secret.matches("[0-9a-f]{64}"));
    Path file = folder.resolve("secrets.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void of_folderWithSecrets_givesTheSame() throws IOException {
    assertThat(Secrets.of(folder)).isEqualTo(Secrets.of(folder));
  }

  @Test
  void of_newFolderByManyAtOnce_givesAllTheSame() throws Exception {
    CyclicBarrier together = new CyclicBarrier(STARTS);
    ExecutorService threads = Executors.newFixedThreadPool(STARTS);
    try {
      List<Future<Secrets>> starts = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        starts.add(
            threads.submit(
                () -> {
                  together.await();
                  return Secrets.of(folder);
                }));
      }
      Set<Secrets> seen = new HashSet<>();
      for (Future<Secrets> start : starts) {
        seen.add(start.get(30, TimeUnit.SECONDS));
      }

      assertThat(seen).hasSize(1);
      assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void of_damagedFile_failsInsteadOfMakingNewOnes() throws IOException {
    Files.writeString(folder.resolve("secrets.json"), "{");

    assertThatThrownBy(() -> Secrets.of(folder)).isInstanceOf(Exception.class);
    assertThat(folder.resolve("secrets.json")).hasContent("{");
  }

  @Test
  void toString_ofSecrets_showsNone() throws IOException {
    Secrets secrets = Secrets.of(folder);

    assertThat(secrets.toString())
        .doesNotContain(secrets.adminToken(), secrets.agentToken(), secrets.signingKey());
  }
}
