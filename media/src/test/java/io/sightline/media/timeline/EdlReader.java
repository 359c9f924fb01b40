package io.sightline.media.timeline;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads CMX 3600 lists knowing nothing of what wrote them: fixed columns, numbers in sequence, and
 * timecode turned into frames by walking through the numbers that drop-frame leaves out.
 */
final class EdlReader {

  private static final Pattern EVENT =
      Pattern.compile(
          "(\\d{3})  ([A-Z0-9 ]{8}) (V|B|AA/V)\\s+C        "
              + "(\\S{11}) (\\S{11}) (\\S{11}) (\\S{11})");

  private final int counted;
  private final boolean dropFrame;
  private final Set<String> seen = new HashSet<>();

  /**
   * @param counted whole frames a second
   */
  EdlReader(int counted, boolean dropFrame) {
    this.counted = counted;
    this.dropFrame = dropFrame;
  }

  List<CutPoint> read(byte[] list) {
    String text = new String(list, StandardCharsets.UTF_8);
    require(text.endsWith("\r\n"), "no line end at the end");
    String[] lines = text.split("\r\n");
    require(lines[0].startsWith("TITLE: "), lines[0]);
    require(lines[1].equals(dropFrame ? "FCM: DROP FRAME" : "FCM: NON-DROP FRAME"), lines[1]);
    List<CutPoint> cuts = new ArrayList<>();
    for (int i = 2; i < lines.length; i++) {
      require(lines[i].chars().noneMatch(c -> c < ' '), "a control character");
      Matcher event = EVENT.matcher(lines[i]);
      if (event.matches()) {
        require(Integer.parseInt(event.group(1)) == cuts.size() + 1, "the number " + lines[i]);
        CutPoint cut =
            new CutPoint(
                event.group(2).strip(),
                frames(event.group(4)),
                frames(event.group(5)),
                frames(event.group(6)),
                frames(event.group(7)));
        seen.add(cut.source());
        cuts.add(cut);
      } else {
        require(
            lines[i].isEmpty() || lines[i].startsWith("* ") || lines[i].startsWith("AUD "),
            lines[i]);
      }
    }
    return cuts;
  }

  Set<String> reels() {
    return seen;
  }

  long framesOfADay() {
    return frames("23:59:59" + (dropFrame ? ';' : ':') + (counted - 1)) + 1;
  }

  private long frames(String timecode) {
    require(timecode.charAt(8) == (dropFrame ? ';' : ':'), timecode);
    int hours = Integer.parseInt(timecode.substring(0, 2));
    int minutes = Integer.parseInt(timecode.substring(3, 5));
    int seconds = Integer.parseInt(timecode.substring(6, 8));
    int frames = Integer.parseInt(timecode.substring(9, 11));
    require(hours < 24 && minutes < 60 && seconds < 60 && frames < counted, timecode);
    long dropped = 0;
    int each = dropFrame ? counted / 15 : 0;
    for (int minute = 1; minute <= hours * 60 + minutes; minute++) {
      dropped += minute % 10 == 0 ? 0 : each;
    }
    require(minutes % 10 == 0 || seconds > 0 || frames >= each, timecode + " is a number left out");
    return ((hours * 60L + minutes) * 60 + seconds) * counted + frames - dropped;
  }

  private static void require(boolean truth, String found) {
    if (!truth) {
      throw new IllegalArgumentException("No CMX 3600 list: " + found);
    }
  }
}
