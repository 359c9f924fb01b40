package io.sightline.launcher.probe;

import io.sightline.edgecapture.SourceReport;
import io.sightline.media.source.SourceTrack;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report for people. */
final class ReportText {

  private ReportText() {}

  static void print(PrintWriter out, SourceReport report) {
    out.println(report.url());
    line(out, "kind", report.container() + (report.live() ? ", live" : length(report)));
    for (SourceTrack track : report.tracks()) {
      line(out, "track " + track.index(), track(report, track));
    }
    if (report.sampled() >= 0) {
      line(
          out,
          "keyframes",
          (report.keyframesMicros() < 0
                  ? "no second one in " + seconds(report.lookedAtMicros())
                  : "up to " + seconds(report.keyframesMicros()) + " apart")
              + (report.reordered() ? ", pictures reordered (B-pictures)" : ""));
    }
    line(out, "timecode", report.timecode() == null ? "none" : report.timecode());
    if (report.live()) {
      line(out, "clock", clock(report.senderAheadMicros()));
    }
    line(out, "recorded", recorded(report));
    if (!report.samplingCost().isEmpty()) {
      line(
          out,
          "frames",
          report.samplingCost().entrySet().stream()
              .map(
                  cost ->
                      String.format(Locale.ROOT, "%s %.1f%%", cost.getKey(), 100 * cost.getValue()))
              .collect(Collectors.joining(", ", "", " of one processor")));
    }
    if (report.findings().isEmpty()) {
      line(out, "found", "nothing wrong in " + seconds(report.lookedAtMicros()));
    }
    report.findings().forEach(finding -> line(out, "found", finding));
  }

  private static String track(SourceReport report, SourceTrack track) {
    String what =
        track.isVideo()
            ? String.format(
                Locale.ROOT,
                "%s %dx%d, %.2f pictures/s",
                track.codec(),
                track.width(),
                track.height(),
                report.picturesPerSecond())
            : String.format(
                Locale.ROOT,
                "%s %d Hz, %d channel%s",
                track.codec(),
                track.sampleRate(),
                track.channels(),
                track.channels() == 1 ? "" : "s");
    Long bits = report.bitsPerSecond().get(track.index());
    return what
        + (track.rotation() == 0 ? "" : ", turned by " + track.rotation() + " degrees")
        + (track.language() == null ? "" : ", " + track.language())
        + (bits == null ? "" : String.format(Locale.ROOT, ", %.2f Mb/s", bits / 1e6));
  }

  private static String clock(Long aheadMicros) {
    if (aheadMicros == null) {
      return "none; pictures are dated by their arrival";
    }
    return "of the sender, "
        + seconds(Math.abs(aheadMicros))
        + (aheadMicros < 0 ? " behind" : " ahead of")
        + " this machine's as they arrive";
  }

  private static String recorded(SourceReport report) {
    if (report.recorded().isEmpty()) {
      return "nothing";
    }
    List<Integer> copied = new ArrayList<>(report.recorded());
    copied.removeAll(report.encoded());
    return tracks("by copy", copied)
        + (copied.isEmpty() || report.encoded().isEmpty() ? "" : "; ")
        + tracks("encoded", report.encoded())
        + (report.encodingCost() > 0
            ? String.format(
                Locale.ROOT, ", pictures %.1f%% of one processor", 100 * report.encodingCost())
            : "");
  }

  private static String tracks(String how, List<Integer> tracks) {
    return tracks.isEmpty()
        ? ""
        : how + ": track " + tracks.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String length(SourceReport report) {
    return report.durationMicros() < 0 ? "" : ", " + seconds(report.durationMicros()) + " long";
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
  }

  private static void line(PrintWriter out, String name, String text) {
    out.printf("  %-10s %s%n", name, text);
  }
}
