package io.sightline.edgecapture.medialive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Duration PERIOD = Duration.ofHours(1);

  private final AtomicLong nanos = new AtomicLong(-5);
  private final Pace pace = new Pace(8, PERIOD, nanos::get);

  @Test
  void takePlace_moreThanAnswered_waitForTheNextPeriods() {
    List<Long> waits = LongStream.range(0, 16).mapToObj(i -> pace.takePlace()).toList();

    assertThat(waits.subList(0, 8)).containsOnly(0L);
    assertThat(waits.subList(8, 16)).allMatch(wait -> wait > 0 && wait <= PERIOD.toNanos());
  }

  @Test
  void throttled_allHoldStill_spread_andGoOnHalfAsFast() {
    assertThat(pace.hold()).isZero();

    pace.throttled();

    List<Long> holds = IntStream.range(0, 50).mapToObj(i -> pace.hold()).toList();
    assertThat(holds).allMatch(hold -> hold >= 500_000_000L && hold <= 3_000_000_000L);
    assertThat(holds.stream().distinct().count()).isGreaterThan(10);
    assertThat(pace.calls()).isEqualTo(4);
  }

  @Test
  void throttled_byManyWhoAskedAtOnce_countsOnce() {
    IntStream.range(0, 20).forEach(i -> pace.throttled());

    assertThat(pace.calls()).isEqualTo(4);
  }

  @Test
  void throttled_againAndAgain_holdsLonger_neverForEver() {
    long last = 0;
    for (int i = 0; i < 20; i++) {
      pace.throttled();
      last = pace.hold();
      nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    }

    assertThat(last).isBetween(Duration.ofSeconds(30).toNanos(), Duration.ofMinutes(3).toNanos());
    assertThat(pace.calls()).isEqualTo(1);
  }

  @Test
  void answered_forMinutes_goesAsFastAsBefore_notFaster() {
    pace.throttled();
    for (int i = 0; i < 10; i++) {
      nanos.addAndGet(Duration.ofSeconds(61).toNanos());
      pace.answered();
    }

    assertThat(pace.hold()).isZero();
    assertThat(pace.calls()).isEqualTo(8);
  }
}
