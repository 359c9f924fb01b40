package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Positions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {

  private static final long HOUR = 3_600_000_000L;
  private static final long START = Positions.of(Instant.parse("2026-11-20T10:00:00Z"));

  private long wall = START;
  private long passed;
  private long slept;
  private boolean knowsSleep = true;

  @Test
  void timePasses_isFollowed() {
    SteadyClock clock = clock();
    pass(5_000_000);

    assertThat(clock.nowMicros()).isEqualTo(START + 5_000_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR, -HOUR, 600_000, -600_000})
  void clockIsSet_timeGoesOnAsItPasses(long step) {
    SteadyClock clock = clock();
    pass(1_000_000);
    wall += step;

    assertThat(clock.nowMicros()).isEqualTo(START + 1_000_000);
    pass(2_000_000);
    assertThat(clock.nowMicros()).isEqualTo(START + 3_000_000);

    wall -= step;
    pass(1_000_000);
    assertThat(clock.nowMicros()).isEqualTo(START + 4_000_000);
  }

  @Test
  void clockThatWasNeverSet_isFollowedWhenItIs() {
    wall = Positions.of(Instant.parse("1970-01-01T00:00:07Z"));
    SteadyClock clock = clock();
    pass(1_000_000);
    wall = START;

    assertThat(clock.nowMicros()).isEqualTo(START);
    pass(1_000_000);
    assertThat(clock.nowMicros()).isEqualTo(START + 1_000_000);
  }

  @Test
  void machineThatSlept_isAwakeInThePresent_eachTime() {
    SteadyClock clock = clock();
    for (int night = 1; night <= 2; night++) {
      pass(1_000_000);
      wall += 8 * HOUR;
      slept += 8 * HOUR;

      assertThat(clock.nowMicros()).isEqualTo(wall);
    }
    wall += HOUR;
    assertThat(clock.nowMicros()).isEqualTo(wall - HOUR);
  }

  @Test
  void sleepThatCannotBeKnown_isTakenForAStep() {
    knowsSleep = false;
    SteadyClock clock = clock();
    wall += HOUR;

    assertThat(clock.nowMicros()).isEqualTo(START);
  }

  @Test
  void thisMachine_isToldAsItsClockTells() {
    long now = SteadyClock.ofThisMachine().nowMicros();

    assertThat(Math.abs(now - Positions.of(Instant.now()))).isLessThan(60_000_000);
  }

  private SteadyClock clock() {
    Clock ofDay =
        new Clock() {
          @Override
          public Instant instant() {
            return Instant.ofEpochSecond(0, wall * 1_000);
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    return new SteadyClock(
        ofDay, () -> 77 + passed * 1_000, () -> knowsSleep ? 50_000_000 + passed + slept : -1);
  }

  private void pass(long micros) {
    passed += micros;
    wall += micros;
  }
}
