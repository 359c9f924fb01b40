package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

  /** 2026-11-23 is a Monday. */
  @ParameterizedTest
  @CsvSource({
    "mon-fri 08:00 18:00, 2026-11-23T07:59, false, 2026-11-23T08:00",
    "mon-fri 08:00 18:00, 2026-11-23T08:00, true, 2026-11-23T18:00",
    "mon-fri 08:00 18:00, 2026-11-23T17:59, true, 2026-11-23T18:00",
    "mon-fri 08:00 18:00, 2026-11-23T18:00, false, 2026-11-24T08:00",
    "mon-fri 08:00 18:00, 2026-11-27T18:00, false, 2026-11-30T08:00",
    "fri 22:00 06:00, 2026-11-27T23:00, true, 2026-11-28T06:00",
    "fri 22:00 06:00, 2026-11-28T05:59, true, 2026-11-28T06:00",
    "fri 22:00 06:00, 2026-11-28T06:00, false, 2026-12-04T22:00",
    "fri 22:00 06:00, 2026-11-27T05:00, false, 2026-11-27T22:00",
    "sat-mon 10:00 11:00, 2026-11-24T12:00, false, 2026-11-28T10:00",
    "sun 20:00 24:00, 2026-11-29T21:00, true, 2026-11-30T00:00",
    "sun 20:00 00:00, 2026-11-29T21:00, true, 2026-11-30T00:00",
    "mon 08:00 12:00; mon 11:00 18:00, 2026-11-23T09:00, true, 2026-11-23T18:00",
    "mon 08:00 12:00; mon 12:00 18:00, 2026-11-23T09:00, true, 2026-11-23T18:00",
    "mon 08:00 18:00; mon 09:00 10:00, 2026-11-23T09:30, true, 2026-11-23T18:00",
    "mon 00:00 24:00; tue 00:00 24:00, 2026-11-23T09:30, true, 2026-11-25T00:00"
  })
  void schedule_atATime_holdsOrNot_andSaysUntilWhen(
      String times, LocalDateTime time, boolean holds, LocalDateTime until) {
    Schedule schedule = schedule(times, ZURICH);
    Instant instant = time.atZone(ZURICH).toInstant();

    assertThat(schedule.holds(instant)).isEqualTo(holds);
    assertThat(schedule.until(instant)).isEqualTo(until.atZone(ZURICH).toInstant());
  }

  @Test
  void schedule_ofNothing_alwaysHolds() {
    Schedule schedule = new Schedule(List.of(), ZURICH);
    Instant now = Instant.parse("2026-11-23T00:00:00Z");

    assertThat(schedule.holds(now)).isTrue();
    assertThat(schedule.until(now)).isAfter(now);
  }

  @Test
  void schedule_ofEveryMinute_holdsWithoutAGap() {
    Schedule schedule = schedule("mon-sun 06:00 18:00; mon-sun 18:00 06:00", ZURICH);
    Instant time = Instant.parse("2026-10-01T00:00:00Z");
    for (int hour = 0; hour < 24 * 60; hour++) {
      Instant now = time.plus(Duration.ofHours(hour));
      assertThat(schedule.holds(now)).isTrue();
      assertThat(schedule.until(now)).isAfter(now.plus(Duration.ofDays(7)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    // On 2026-03-29 clocks go from 02:00 to 03:00, at 01:00Z.
    "sun 01:30 02:30, 2026-03-29T00:45:00Z, true, 2026-03-29T01:00:00Z",
    "sun 02:30 04:00, 2026-03-29T00:59:59Z, false, 2026-03-29T01:00:00Z",
    "sun 02:30 04:00, 2026-03-29T01:00:00Z, true, 2026-03-29T02:00:00Z",
    "sun 02:10 02:50, 2026-03-29T00:30:00Z, false, 2026-04-05T00:10:00Z",
    "sat 22:00 06:00, 2026-03-29T00:30:00Z, true, 2026-03-29T04:00:00Z",
    // On 2026-10-25 clocks go from 03:00 back to 02:00, at 01:00Z.
    "sun 02:30 02:45, 2026-10-25T00:30:00Z, true, 2026-10-25T01:45:00Z",
    "sun 01:00 02:30, 2026-10-25T00:45:00Z, true, 2026-10-25T01:30:00Z",
    "sun 08:00 18:00, 2026-10-25T06:59:59Z, false, 2026-10-25T07:00:00Z",
  })
  void schedule_whereClocksChange_losesNothingOfAStretch(
      String times, Instant time, boolean holds, Instant until) {
    Schedule schedule = schedule(times, ZURICH);

    assertThat(schedule.holds(time)).isEqualTo(holds);
    assertThat(schedule.until(time)).isEqualTo(until);
  }

  @Test
  void until_overAYear_isWhereTheAnswerChanges() {
    Schedule schedule = schedule("mon-fri 08:15 18:00; sat 23:00 03:30; sun 02:15 02:45", ZURICH);
    Instant time = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZURICH).toInstant();
    Instant end = time.plus(Duration.ofDays(366));
    while (time.isBefore(end)) {
      boolean holds = schedule.holds(time);
      Instant until = schedule.until(time);
      for (Instant at = time; at.isBefore(until); at = at.plus(Duration.ofMinutes(37))) {
        assertThat(schedule.holds(at)).as("at %s", at).isEqualTo(holds);
      }
      assertThat(schedule.holds(until)).as("at %s", until).isNotEqualTo(holds);
      time = until;
    }
  }

  @Test
  void days_asPeopleWriteThem_areEachDayOnce() {
    assertThat(new ScheduleTime(List.of("Fri-Mon", "sun", " tue "), "08:00", "09:00").days())
        .containsExactly("mon", "tue", "fri", "sat", "sun");
    assertThat(new ScheduleTime(null, "08:00", "09:00").days()).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"days\":[\"montag\"],\"from\":\"08:00\",\"to\":\"09:00\"} | The days of a schedule are such as mon, sat or mon-fri, not 'montag'",
        "{\"days\":[\"mon-\"],\"from\":\"08:00\",\"to\":\"09:00\"}   | not 'mon-'",
        "{\"days\":[null],\"from\":\"08:00\",\"to\":\"09:00\"}       | not 'null'",
        "{\"from\":\"08:00\"}                  | A schedule has to: a time such as \"08:00\", not nothing",
        "{\"from\":\"8:00\",\"to\":\"09:00\"}  | A schedule has from: a time such as \"08:00\", not '8:00'",
        "{\"from\":\"08:60\",\"to\":\"09:00\"} | not '08:60'",
        "{\"from\":\"08:00\",\"to\":\"24:01\"} | not '24:01'",
        "{\"from\":\"24:00\",\"to\":\"09:00\"} | A schedule is from: 00:00 to 23:59, not '24:00'",
        "{\"from\":\"08:00\",\"to\":\"08:00\"} | A schedule has two different times, not 08:00 for both",
      })
  void decode_ofSomethingWrong_saysWhatWouldBeRight(String json, String sentence) {
    assertThatThrownBy(() -> Json.decode(json.getBytes(StandardCharsets.UTF_8), ScheduleTime.class))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void stream_withTooManyTimes_isRefused() {
    List<ScheduleTime> times = Collections.nCopies(51, new ScheduleTime(null, "08:00", "09:00"));
    assertThatThrownBy(
            () ->
                new StreamSpec(
                    "a",
                    List.of(InputSpec.of("rtsp://a")),
                    null,
                    null,
                    null,
                    null,
                    null,
                    times,
                    null))
        .hasMessageContaining("up to 50 times, not 51");
  }

  @Test
  void assignment_withUnknownTimeZone_isRefused() {
    StreamSpec stream =
        new StreamSpec("a", List.of(InputSpec.of("rtsp://a")), null, null, null, null);
    assertThatThrownBy(() -> new StreamAssignment(stream, null, 1, "Mars/Olympus"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Mars/Olympus");
    assertThat(new StreamAssignment(stream, null, 1, "Europe/Zurich").schedule().zone())
        .isEqualTo(ZURICH);
  }

  private static Schedule schedule(String text, ZoneId zone) {
    return new Schedule(
        Arrays.stream(text.split(";"))
            .map(part -> part.strip().split(" "))
            .map(part -> new ScheduleTime(List.of(part[0]), part[1], part[2]))
            .toList(),
        zone);
  }
}
