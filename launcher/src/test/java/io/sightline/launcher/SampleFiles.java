package io.sightline.launcher;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;

/** Media and models beside the checkout, which are no part of it. */
public final class SampleFiles {

  private static final Path SHARED = Path.of("..", "..", "shared").toAbsolutePath().normalize();

  private SampleFiles() {}

  /** The file, or the test is skipped. */
  public static Path require(String folder, String name) {
    Path file = SHARED.resolve(folder).resolve(name);
    assumeThat(file).as("sample file for this test").exists();
    return file;
  }
}
