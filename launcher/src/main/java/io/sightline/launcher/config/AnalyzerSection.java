package io.sightline.launcher.config;

import java.nio.file.Path;

/**
 * The analyzers of this process.
 *
 * @param threads how many frames are analysed at once
 * @param models folder of models that profiles name without a path
 */
public record AnalyzerSection(Integer threads, Path models) {

  public AnalyzerSection {
    threads = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    models = models == null ? Path.of("models") : models;
    if (threads < 1 || threads > 256) {
      throw new IllegalArgumentException("expected 1 to 256 threads, found " + threads);
    }
  }
}
