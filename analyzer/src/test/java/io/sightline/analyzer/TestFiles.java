package io.sightline.analyzer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Large files that some machines have beside the project; tests that need them are skipped else.
 */
public final class TestFiles {

  private static final Path SHARED = Path.of("..", "..", "shared");

  private TestFiles() {}

  public static Path model(String name) {
    return present(SHARED.resolve("models").resolve(name));
  }

  public static Path media(String name) {
    return present(SHARED.resolve("media").resolve(name));
  }

  private static Path present(Path file) {
    assumeTrue(Files.isRegularFile(file), () -> "skipped: there is no " + file);
    return file;
  }
}
