package io.sightline.records;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of the day on some days of the week, in the time zone of the installation. One whose
 * end is not after its beginning goes on into the next day.
 *
 * @param days on which it begins, each as {@code mon}; read as {@code mon} or {@code mon-fri}; all
 *     when there are none
 * @param from {@code 00:00} to {@code 23:59}
 * @param to {@code 00:00} to {@code 24:00}, not included
 */
public record ScheduleTime(List<String> days, String from, String to) {

  static final int MINUTES_A_DAY = 1_440;

  private static final int MAX_DAYS = 50;
  private static final Pattern TIME = Pattern.compile("(\\d{2}):(\\d{2})");

  public ScheduleTime {
    days = days == null || days.isEmpty() ? List.of("mon-sun") : days;
    days = EnumSet.copyOf(weekdays(days)).stream().map(ScheduleTime::name).toList();
    int start = minutes("from", from);
    int end = minutes("to", to);
    if (start == MINUTES_A_DAY) {
      throw new IllegalArgumentException("A schedule is from: 00:00 to 23:59, not '" + from + "'");
    }
    if (start == end) {
      throw new IllegalArgumentException(
          "A schedule has two different times, not "
              + from
              + " for both; a whole day is from: \"00:00\", to: \"24:00\"");
    }
  }

  /** Whether it begins on such a day. */
  public boolean beginsOn(DayOfWeek day) {
    return days.contains(name(day));
  }

  /** Minutes after midnight. */
  int fromMinutes() {
    return minutes("from", from);
  }

  /** Minutes after the midnight at which the day of its beginning began; beyond that day, too. */
  int toMinutes() {
    int end = minutes("to", to);
    return end > fromMinutes() ? end : end + MINUTES_A_DAY;
  }

  private static Set<DayOfWeek> weekdays(List<String> written) {
    if (written.size() > MAX_DAYS) {
      throw new IllegalArgumentException(
          "The days of a schedule are such as [mon-fri, sun], not " + written.size() + " of them");
    }
    List<DayOfWeek> days = new ArrayList<>();
    for (String text : written) {
      String[] ends = String.valueOf(text).strip().toLowerCase(Locale.ROOT).split("-", 2);
      DayOfWeek first = day(ends[0], text);
      DayOfWeek last = day(ends[ends.length - 1], text);
      for (DayOfWeek day = first; ; day = day.plus(1)) {
        days.add(day);
        if (day == last) {
          break;
        }
      }
    }
    return EnumSet.copyOf(days);
  }

  private static DayOfWeek day(String name, String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (name(day).equals(name.strip())) {
        return day;
      }
    }
    throw new IllegalArgumentException(
        "The days of a schedule are such as mon, sat or mon-fri, not '" + text + "'");
  }

  private static String name(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  private static int minutes(String key, String text) {
    Matcher matcher = TIME.matcher(text == null ? "" : text);
    int minutes =
        matcher.matches()
            ? Integer.parseInt(matcher.group(1)) * 60 + Integer.parseInt(matcher.group(2))
            : -1;
    boolean real =
        minutes >= 0 && minutes <= MINUTES_A_DAY && Integer.parseInt(matcher.group(2)) < 60;
    if (!real) {
      throw new IllegalArgumentException(
          "A schedule has "
              + key
              + ": a time such as \"08:00\", not "
              + (text == null ? "nothing" : "'" + text + "'"));
    }
    return minutes;
  }
}
