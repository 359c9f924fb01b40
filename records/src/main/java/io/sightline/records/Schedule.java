package io.sightline.records;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * When a stream is captured: the stretches of {@link ScheduleTime}, laid on the clock of a time
 * zone. Without any, always.
 *
 * <p>A time that clocks skip in spring counts as the moment of the skip. Of one that they show
 * twice in autumn, a stretch begins at the first and ends at the second.
 */
public final class Schedule {

  /** Every stretch returns within a week, but for one that clocks skip, which does within two. */
  private static final int AHEAD_DAYS = 15;

  private final List<ScheduleTime> times;
  private final ZoneId zone;

  /** From {@code from}, included, to {@code to}, not included. */
  private record Stretch(Instant from, Instant to) {}

  public Schedule(List<ScheduleTime> times, ZoneId zone) {
    this.times = List.copyOf(times);
    this.zone = zone;
  }

  public ZoneId zone() {
    return zone;
  }

  /** Whether the stream is captured then. */
  public boolean holds(Instant time) {
    return times.isEmpty() || stretches(time).stream().anyMatch(stretch -> contains(stretch, time));
  }

  /**
   * Until when {@link #holds} gives the answer that it gives for {@code time}, or a time before
   * that; never the same moment.
   */
  public Instant until(Instant time) {
    Instant farthest = time.plus(Duration.ofDays(1));
    if (times.isEmpty()) {
      return farthest;
    }
    List<Stretch> stretches = stretches(time);
    if (!holds(time)) {
      return stretches.stream()
          .map(Stretch::from)
          .filter(from -> from.isAfter(time))
          .min(Comparator.naturalOrder())
          .orElse(farthest);
    }
    Instant end = time;
    for (Stretch stretch : stretches) {
      // In order of their beginnings, so whatever goes on from here has not begun later.
      if (!stretch.from().isAfter(end) && stretch.to().isAfter(end)) {
        end = stretch.to();
      }
    }
    return end;
  }

  private static boolean contains(Stretch stretch, Instant time) {
    return !time.isBefore(stretch.from()) && time.isBefore(stretch.to());
  }

  /** Those around a time, in order. */
  private List<Stretch> stretches(Instant time) {
    LocalDate today = time.atZone(zone).toLocalDate();
    List<Stretch> stretches = new ArrayList<>();
    for (int day = -2; day < AHEAD_DAYS; day++) {
      LocalDate date = today.plusDays(day);
      for (ScheduleTime each : times) {
        if (each.beginsOn(date.getDayOfWeek())) {
          LocalDateTime midnight = date.atStartOfDay();
          Instant from = instant(midnight.plusMinutes(each.fromMinutes()), false);
          Instant to = instant(midnight.plusMinutes(each.toMinutes()), true);
          if (from.isBefore(to)) {
            stretches.add(new Stretch(from, to));
          }
        }
      }
    }
    stretches.sort(Comparator.comparing(Stretch::from));
    return stretches;
  }

  private Instant instant(LocalDateTime time, boolean later) {
    ZoneOffsetTransition change = zone.getRules().getTransition(time);
    if (change == null) {
      return time.atZone(zone).toInstant();
    }
    if (change.isGap()) {
      return change.getInstant();
    }
    return time.toInstant(later ? change.getOffsetAfter() : change.getOffsetBefore());
  }
}
