package io.sightline.launcher.cut;

import java.nio.file.Path;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows on a terminal how far a film has been read, when that takes longer than a moment. */
final class ReadingBar implements AutoCloseable {

  private static final long MOMENT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int LOOK_EVERY = 64;

  private final Path film;
  private final long endMillis;
  private final long startNanos = System.nanoTime();
  private int calls;
  private ProgressBar bar;

  /**
   * @param endMicros up to where it is read
   */
  ReadingBar(Path film, long endMicros) {
    this.film = film;
    this.endMillis = endMicros / 1_000;
  }

  void read(long micros) {
    if (calls++ % LOOK_EVERY != 0) {
      return;
    }
    if (bar == null && System.console() != null && System.nanoTime() - startNanos > MOMENT_NANOS) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("Reading " + film.getFileName())
              .setInitialMax(endMillis)
              .setUpdateIntervalMillis(200)
              .hideEta()
              .build();
    }
    if (bar != null) {
      bar.stepTo(Math.min(endMillis, micros / 1_000));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
