package io.sightline.media.timeline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Chapters as lines for a YouTube description. YouTube shows chapters only when the first is at
 * 0:00 and there are three or more of at least ten seconds; one line that breaks the rule makes it
 * ignore them all. So cuts that follow one another within ten seconds share a chapter, and of fewer
 * than three chapters nothing is written.
 */
final class YoutubeFormat implements TimelineFormat.Form {

  private static final int MIN_CHAPTERS = 3;
  private static final int MIN_SECONDS = 10;
  private static final int MAX_TITLE = 100;

  private record Chapter(long startSeconds, Set<String> names) {}

  @Override
  public List<byte[]> write(Timeline timeline) throws TimelineException {
    List<Chapter> chapters = chapters(timeline);
    if (chapters.size() < MIN_CHAPTERS) {
      throw new TimelineException(
          TimelineException.Reason.FORMAT,
          "YouTube shows chapters when there are "
              + MIN_CHAPTERS
              + " or more of at least "
              + MIN_SECONDS
              + " s; this timeline has "
              + chapters.size()
              + ". The format webvtt has no such limit.");
    }
    StringBuilder lines = new StringBuilder();
    for (Chapter chapter : chapters) {
      lines.append(time(chapter.startSeconds())).append(' ').append(title(chapter)).append('\n');
    }
    return List.of(lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Chapter> chapters(Timeline timeline) {
    List<Chapter> chapters = new ArrayList<>();
    for (TimelineEntry entry : timeline.entries()) {
      long start = chapters.isEmpty() ? 0 : timeline.grid().seconds(entry.recordIn());
      Chapter last = chapters.isEmpty() ? null : chapters.get(chapters.size() - 1);
      if (last != null && start - last.startSeconds() < MIN_SECONDS) {
        last.names().add(entry.chapter());
      } else {
        chapters.add(new Chapter(start, new LinkedHashSet<>(List.of(entry.chapter()))));
      }
    }
    Chapter last = chapters.get(chapters.size() - 1);
    boolean tooShort =
        timeline.grid().seconds(timeline.lengthFrames()) - last.startSeconds() < MIN_SECONDS;
    if (tooShort && chapters.size() > 1) {
      chapters.remove(last);
      chapters.get(chapters.size() - 1).names().addAll(last.names());
    }
    return chapters;
  }

  private static String time(long seconds) {
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  /** A description takes no angle brackets. */
  private static String title(Chapter chapter) {
    String title = String.join(", ", chapter.names());
    return PlainText.line(title.replace('<', '\u2039').replace('>', '\u203A'), MAX_TITLE);
  }
}
