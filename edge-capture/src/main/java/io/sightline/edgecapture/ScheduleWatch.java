package io.sightline.edgecapture;

import io.sightline.records.Positions;
import io.sightline.records.Schedule;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Whether a stream is to be captured now, asked every second. Belongs to one context. */
final class ScheduleWatch {

  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("EEEE d MMMM HH:mm", Locale.ENGLISH);

  private final Schedule schedule;
  private final CaptureClock clock;
  private boolean open;
  private Instant since = Instant.MAX;
  private Instant until = Instant.MIN;

  ScheduleWatch(Schedule schedule, CaptureClock clock) {
    this.schedule = schedule;
    this.clock = clock;
  }

  boolean open() {
    Instant now = Positions.instant(clock.nowMicros());
    // A clock may be set back, too.
    if (now.isBefore(since) || !now.isBefore(until)) {
      open = schedule.holds(now);
      since = now;
      until = schedule.until(now);
    }
    return open;
  }

  /** Of a stream that is not captured: until when. */
  String sentence() {
    return "outside its schedule; captured again from "
        + DAY_AND_TIME.format(until.atZone(schedule.zone()))
        + " ("
        + schedule.zone().getId()
        + ")";
  }
}
