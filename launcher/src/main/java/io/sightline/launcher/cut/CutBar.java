package io.sightline.launcher.cut;

import io.sightline.records.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows on a terminal how far a cut has come, step by step, when all of it takes longer than a
 * moment. One thread.
 */
final class CutBar implements Progress, AutoCloseable {

  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final int UPDATE_MILLIS = 200;
  private static final int WHOLE = 1_000;

  private final PrintStream terminal;
  private final long startNanos = System.nanoTime();
  private final long momentNanos;
  private String step;
  private ProgressBar bar;

  /**
   * @param terminal where it is shown; empty for nowhere
   * @param moment until which nothing is
   */
  CutBar(Optional<PrintStream> terminal, Duration moment) {
    this.terminal = terminal.orElse(null);
    this.momentNanos = moment.toNanos();
  }

  /** On the terminal of this process, if it has one. */
  static CutBar open() {
    return new CutBar(
        System.console() == null ? Optional.empty() : Optional.of(System.err), MOMENT);
  }

  /** One step takes the place of the one before once it has begun. */
  @Override
  public void at(String name, double fraction) {
    if (terminal == null || System.nanoTime() - startNanos < momentNanos) {
      return;
    }
    if (!name.equals(step)) {
      if (bar != null) {
        bar.stepTo(WHOLE);
      }
      close();
      step = name;
      bar =
          new ProgressBarBuilder()
              .setTaskName(name)
              .setInitialMax(WHOLE)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(terminal))
              .hideEta()
              .build();
    }
    bar.stepTo(Math.round(WHOLE * Math.min(1, fraction)));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
