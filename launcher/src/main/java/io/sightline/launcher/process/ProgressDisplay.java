package io.sightline.launcher.process;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows media time, speed and segments found: as a bar on a terminal, else as a line every ten
 * seconds. One thread.
 */
final class ProgressDisplay implements AutoCloseable {

  private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int MIN_COLUMNS = 80;

  private final PrintStream out;
  private final long durationMillis;
  private final long startNanos = System.nanoTime();
  private final ProgressBar bar;
  private long lastLineNanos = startNanos;
  private boolean rendering;

  /**
   * @param durationMicros of the file; -1 when unknown
   * @param terminal whether {@code out} is a terminal
   */
  ProgressDisplay(PrintStream out, String name, long durationMicros, boolean terminal) {
    this.out = out;
    this.durationMillis = Math.max(0, durationMicros / 1_000);
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(durationMicros < 0 ? -1 : Math.max(1, durationMillis))
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(out, MIN_COLUMNS))
                .hideEta()
                .build()
            : null;
  }

  /**
   * @param mediaMicros how much of the file has been worked off
   */
  void update(long mediaMicros, int segments) {
    long now = System.nanoTime();
    double seconds = (now - startNanos) / 1e9;
    String speed =
        String.format(Locale.ROOT, "%.1fx", mediaMicros / 1e6 / Math.max(0.001, seconds));
    String found = segments == 1 ? "1 segment" : segments + " segments";
    if (bar != null) {
      bar.stepTo(mediaMicros / 1_000);
      bar.setExtraMessage(" " + clock(mediaMicros / 1_000) + ", " + speed + ", " + found);
    } else if (now - lastLineNanos >= LINE_NANOS) {
      lastLineNanos = now;
      out.println(
          clock(mediaMicros / 1_000)
              + (durationMillis > 0 ? " of " + clock(durationMillis) : "")
              + ", "
              + speed
              + ", "
              + found);
    }
  }

  /** The file is worked off; its clips are still being made in other sizes and shapes. */
  void rendering(List<String> renditions) {
    String what = "making clips in " + String.join(", ", renditions);
    if (bar != null) {
      bar.setExtraMessage(" " + what);
    } else if (!rendering) {
      out.println(what);
    }
    rendering = true;
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  /** {@code 2:19}, {@code 1:02:03}. */
  static String clock(long millis) {
    long seconds = millis / 1_000;
    return seconds >= 3_600
        ? String.format("%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60)
        : String.format("%d:%02d", seconds / 60, seconds % 60);
  }
}
