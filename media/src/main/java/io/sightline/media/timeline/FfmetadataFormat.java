package io.sightline.media.timeline;

import io.sightline.records.Rational;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Chapters as FFmpeg reads them beside a file ({@code -i chapters.ffmetadata -map_chapters 1}).
 * Times are frames, with a frame as the time base.
 */
final class FfmetadataFormat implements TimelineFormat.Form {

  @Override
  public List<byte[]> write(Timeline timeline) {
    Rational frame = timeline.grid().frame();
    StringBuilder text = new StringBuilder(";FFMETADATA1\n");
    text.append("title=").append(escaped(timeline.title())).append('\n');
    for (TimelineEntry entry : timeline.entries()) {
      text.append("[CHAPTER]\n");
      text.append("TIMEBASE=").append(frame).append('\n');
      text.append("START=").append(entry.recordIn()).append('\n');
      text.append("END=").append(entry.recordOut()).append('\n');
      text.append("title=").append(escaped(entry.chapter())).append('\n');
    }
    return List.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String escaped(String value) {
    return value.replaceAll("[=;#\\\\]", "\\\\$0");
  }
}
