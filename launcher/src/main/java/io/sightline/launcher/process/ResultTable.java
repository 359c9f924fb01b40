package io.sightline.launcher.process;

import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import io.sightline.records.Segment;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** The table that ends {@code process}. */
final class ResultTable {

  private ResultTable() {}

  static void print(PrintWriter out, Outcome outcome) {
    TextTable table =
        TextTable.forColumns(
            picocli.CommandLine.Help.defaultColorScheme(picocli.CommandLine.Help.Ansi.AUTO),
            new Column(5, 1, Overflow.TRUNCATE),
            new Column(12, 1, Overflow.TRUNCATE),
            new Column(12, 1, Overflow.TRUNCATE),
            new Column(9, 1, Overflow.TRUNCATE),
            new Column(18, 2, Overflow.TRUNCATE),
            new Column(40, 2, Overflow.WRAP));
    table.addRowValues("", "start", "end", "length", "label", "clip");
    int number = 0;
    for (Segment segment : outcome.segments()) {
      number++;
      Clip clip = outcome.clips().get(segment.id());
      long start = segment.startMicros() - outcome.zeroMicros();
      Long end = segment.endMicros();
      table.addRowValues(
          Integer.toString(number),
          clock(start),
          end == null ? "open" : clock(end - outcome.zeroMicros()),
          end == null
              ? ""
              : String.format(Locale.ROOT, "%.1f s", (end - segment.startMicros()) / 1e6),
          segment.label(),
          note(clip));
    }
    if (number > 0) {
      out.print(table);
    }
    out.println(summary(outcome));
    out.println("Results: " + shown(outcome.folder()));
    out.flush();
  }

  private static String summary(Outcome outcome) {
    int segments = outcome.segments().size();
    double seconds = outcome.wallMicros() / 1e6;
    String replay =
        outcome
            .replay()
            .filter(made -> made.segments() > 0)
            .map(
                made ->
                    String.format(Locale.ROOT, ", a replay of %.1f s", made.durationMicros() / 1e6))
            .orElse("");
    return String.format(
        Locale.ROOT,
        "%s%s, %s, from %s of video in %.1f s (%.1fx real time).",
        segments == 0 ? "No segments" : segments == 1 ? "1 segment" : segments + " segments",
        replay,
        outcome.alerts() == 1 ? "1 alert" : outcome.alerts() + " alerts",
        ProgressDisplay.clock(outcome.mediaMicros() / 1_000),
        seconds,
        outcome.mediaMicros() / 1e6 / Math.max(0.001, seconds));
  }

  private static String note(Clip clip) {
    if (clip == null) {
      return "none";
    }
    if (clip.state() == MediaState.FAILED) {
      return "failed: " + clip.error();
    }
    return clip.note() == null ? "exact" : clip.note();
  }

  private static String clock(long micros) {
    return ProgressDisplay.clock(micros / 1_000)
        + String.format(Locale.ROOT, ".%02d", micros / 10_000 % 100);
  }

  private static String shown(Path folder) {
    Path here = Path.of("").toAbsolutePath();
    return folder.startsWith(here) && !folder.equals(here)
        ? here.relativize(folder).toString()
        : folder.toString();
  }
}
