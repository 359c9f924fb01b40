package io.sightline.media.timeline;

import io.sightline.records.Rational;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Chapters as WebVTT (W3C): a cue for each cut, from the timeline's beginning. */
final class WebVttFormat implements TimelineFormat.Form {

  private static final Rational MILLISECOND = new Rational(1, 1_000);

  @Override
  public List<byte[]> write(Timeline timeline) {
    StringBuilder cues = new StringBuilder("WEBVTT\n");
    for (int i = 0; i < timeline.entries().size(); i++) {
      TimelineEntry entry = timeline.entries().get(i);
      cues.append('\n').append(i + 1).append('\n');
      cues.append(time(timeline, entry.recordIn()));
      cues.append(" --> ");
      cues.append(time(timeline, entry.recordOut())).append('\n');
      cues.append(escaped(entry.chapter())).append('\n');
    }
    return List.of(cues.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String time(Timeline timeline, long frame) {
    long millis = Rational.rescale(frame, timeline.grid().frame(), MILLISECOND);
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d.%03d",
        millis / 3_600_000,
        millis / 60_000 % 60,
        millis / 1_000 % 60,
        millis % 1_000);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
