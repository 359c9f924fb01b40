package io.sightline.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimecodeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 25, 00:00:00:00",
    "24, 25, 00:00:00:24",
    "25, 25, 00:00:01:00",
    "2159999, 25, 23:59:59:24",
    "2160000, 25, 00:00:00:00",
    "86399, 24000/1001, 00:59:59:23",
    "1799, 30000/1001, 00:00:59;29",
    "1800, 30000/1001, 00:01:00;02",
    "17981, 30000/1001, 00:09:59;29",
    "17982, 30000/1001, 00:10:00;00",
    "107892, 30000/1001, 01:00:00;00",
    "2589407, 30000/1001, 23:59:59;29",
    "2589408, 30000/1001, 00:00:00;00",
    "3599, 60000/1001, 00:00:59;59",
    "3600, 60000/1001, 00:01:00;04",
    "35964, 60000/1001, 00:10:00;00",
    "5178815, 60000/1001, 23:59:59;59"
  })
  void of_frame_isWrittenAsTheStandardCountsIt(long frame, Rational rate, String written) {
    assertThat(Timecode.of(frame, rate)).hasToString(written);
  }

  /** Counts as a generator does: by one, leaving numbers out as it comes to them. */
  @ParameterizedTest
  @CsvSource({
    "24000/1001, 24, 0",
    "25, 25, 0",
    "30000/1001, 30, 2",
    "50, 50, 0",
    "60000/1001, 60, 4"
  })
  void of_everyFrameOfADay_isWhatACounterSays_andIsReadBack(Rational rate, int counted, int drop) {
    int number = 0;
    int second = 0;
    int minute = 0;
    for (long frame = 0; minute < 24 * 60; frame++) {
      // All around the borders of minutes, where a rule can go wrong; of the rest some.
      if (second == 0 || second == 59 || frame % 997 == 0) {
        String expected =
            String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%s%02d",
                minute / 60,
                minute % 60,
                second,
                drop > 0 ? ";" : ":",
                number);
        Timecode timecode = Timecode.of(frame, rate);
        if (!timecode.toString().equals(expected)
            || Timecode.parse(expected, rate).frame() != frame) {
          assertThat(timecode).as("frame " + frame).hasToString(expected);
          assertThat(Timecode.parse(expected, rate).frame()).as(expected).isEqualTo(frame);
        }
      }
      number++;
      if (number == counted) {
        number = 0;
        second++;
      }
      if (second == 60) {
        second = 0;
        minute++;
        number = minute % 10 == 0 ? 0 : drop;
      }
    }
  }

  @Test
  void of_dropFrame_staysWithTheClock() {
    Timecode day = Timecode.of(2_589_408, new Rational(30_000, 1_001));

    assertThat(day.micros()).isBetween(86_399_900_000L, 86_400_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30000/1001, 0",
    "33366, 30000/1001, 1",
    "33367, 30000/1001, 1",
    "16683, 30000/1001, 0",
    "16684, 30000/1001, 1",
    "3600000000, 60000/1001, 215784"
  })
  void at_time_isTheNearestFrame(long micros, Rational rate, long frame) {
    assertThat(Timecode.at(micros, rate).frame()).isEqualTo(frame);
  }

  @Test
  void micros_ofEachFrame_leadBackToIt() {
    for (String rate : new String[] {"24000/1001", "25", "30000/1001", "50", "60000/1001"}) {
      for (long frame = 0; frame < 6_000_000; frame += 9_973) {
        Timecode timecode = Timecode.of(frame, Rational.parse(rate));

        assertThat(Timecode.at(timecode.micros(), timecode.rate())).isEqualTo(timecode);
      }
    }
  }

  @Test
  void parse_colonAt2997_countsWithoutDropping() {
    Timecode timecode = Timecode.parse("01:00:00:00", new Rational(30_000, 1_001));

    assertThat(timecode.dropFrame()).isFalse();
    assertThat(timecode.frame()).isEqualTo(108_000);
    assertThat(timecode.plus(-1)).hasToString("00:59:59:29");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "25|10:00:00|such as 10:59:59:24",
        "25||such as 10:59:59:24",
        "25|24:00:00:00|hours of a timecode are 0 to 23",
        "25|10:60:00:00|minutes of a timecode are 0 to 59",
        "25|10:00:60:00|seconds of a timecode are 0 to 59",
        "25|10:00:00:25|frames of a timecode are 0 to 24",
        "25|10:00:00;00|Drop-frame is for 30000/1001 and 60000/1001",
        "30000/1001|00:01:00;01|the first number of that minute is 00:01:00;02",
        "60000/1001|09:59:00;03|the first number of that minute is 09:59:00;04"
      })
  void parse_whatIsNone_saysWhatIsWrong(Rational rate, String text, String said) {
    assertThatThrownBy(() -> Timecode.parse(text == null ? "" : text, rate))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "120", "101/1"})
  void of_rateThatHasNoTimecode_isRefused(Rational rate) {
    assertThatThrownBy(() -> Timecode.of(0, rate)).isInstanceOf(IllegalArgumentException.class);
  }
}
