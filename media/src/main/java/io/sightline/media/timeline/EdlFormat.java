package io.sightline.media.timeline;

import io.sightline.records.Timecode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CMX 3600: one line a cut, with what does not fit there in notes below it. Three digits number the
 * cuts, so a list holds 999 of them; a longer timeline becomes several lists whose record times go
 * on. A list counts at one rate: sources of another are told by when the same moment is in the
 * timeline's count.
 */
final class EdlFormat implements TimelineFormat.Form {

  static final int MAX_EVENTS = 999;

  private static final int MAX_TITLE = 60;
  private static final String LINE_END = "\r\n";

  @Override
  public List<byte[]> write(Timeline timeline) {
    List<byte[]> lists = new ArrayList<>();
    int size = timeline.entries().size();
    int count = (size + MAX_EVENTS - 1) / MAX_EVENTS;
    for (int first = 0; first < size; first += MAX_EVENTS) {
      String part = count == 1 ? "" : " (" + (lists.size() + 1) + " of " + count + ")";
      lists.add(
          list(
              timeline,
              PlainText.line(timeline.title(), MAX_TITLE) + part,
              timeline.entries().subList(first, Math.min(size, first + MAX_EVENTS))));
    }
    return lists;
  }

  private static byte[] list(Timeline timeline, String title, List<TimelineEntry> entries) {
    StringBuilder list = new StringBuilder();
    line(list, "TITLE: " + title);
    line(list, "FCM: " + (timeline.dropFrame() ? "DROP FRAME" : "NON-DROP FRAME"));
    for (int i = 0; i < entries.size(); i++) {
      line(list, "");
      event(list, timeline, i + 1, entries.get(i));
    }
    return list.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void event(
      StringBuilder list, Timeline timeline, int number, TimelineEntry entry) {
    TimelineSource source = timeline.sourceOf(entry);
    Timecode sourceIn = counted(timeline, source.timecode(entry.sourceIn()));
    line(
        list,
        String.format(
            Locale.ROOT,
            "%03d  %-8s %-5s C        %s %s %s %s",
            number,
            source.reel(),
            channels(source.channels()),
            sourceIn,
            // A list that names two lengths asks for another speed.
            sourceIn.plus(entry.recordFrames()),
            timeline.timecode(entry.recordIn()),
            timeline.timecode(entry.recordOut())));
    if (source.channels() > 2) {
      line(list, "AUD   3" + (source.channels() > 3 ? "    4" : ""));
    }
    note(list, "FROM CLIP NAME", entry.name());
    if (source.url() != null) {
      note(list, "SOURCE FILE", source.name());
    }
    if (!source.rate().equals(timeline.rate())) {
      note(list, "SOURCE RATE", source.rate() + " from " + source.timecode(entry.sourceIn()));
    }
    if (!entry.label().isEmpty()) {
      note(list, "COMMENT", entry.label());
    }
    if (!entry.why().isEmpty()) {
      note(list, "COMMENT", entry.why());
    }
    for (TimelineMarker marker : entry.markers()) {
      long into =
          new FrameGrid(source.rate()).in(timeline.grid(), marker.frame() - entry.sourceIn());
      note(list, "LOC", timeline.timecode(entry.recordIn() + into) + " GREEN   " + marker.name());
    }
  }

  private static Timecode counted(Timeline timeline, Timecode source) {
    long frame = new FrameGrid(source.rate()).in(timeline.grid(), source.frame());
    return new Timecode(frame, timeline.rate(), timeline.dropFrame());
  }

  private static String channels(int count) {
    return switch (count) {
      case 0 -> "V";
      case 1 -> "B";
      default -> "AA/V";
    };
  }

  private static void note(StringBuilder list, String what, String text) {
    line(list, "* " + what + ": " + text);
  }

  private static void line(StringBuilder list, String text) {
    list.append(text).append(LINE_END);
  }
}
