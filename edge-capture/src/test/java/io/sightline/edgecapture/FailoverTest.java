package io.sightline.edgecapture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Silence of 5 s, back after 10 s. */
class FailoverTest {

  private static final long SECOND = 1_000_000;

  private long now = 1_790_000_000_000_000L;
  private Failover failover = inputs(2);

  @Test
  void start_isWithTheMainInput_alone() {
    assertThat(wanted()).containsExactly(0);
    assertThat(keyframe(1)).isFalse();
    assertThat(picture(0)).isFalse();
    assertThat(keyframe(0)).isTrue();
    assertThat(picture(0)).isTrue();
    assertThat(failover.inUse()).isZero();
  }

  @Test
  void silence_opensTheBackup_whichTakesOverAtItsKeyframe() {
    run(0, 30);

    pass(4);
    assertThat(wanted()).containsExactly(0);
    pass(1);
    assertThat(wanted()).containsExactly(0, 1);
    assertThat(failover.inUse()).isZero();
    assertThat(picture(1)).isFalse();
    assertThat(keyframe(1)).isTrue();

    assertThat(failover.inUse()).isEqualTo(1);
    assertThat(wanted()).containsExactly(0, 1);
  }

  @Test
  void silenceThatEndsBeforeTheBackupIsThere_changesNothing() {
    run(0, 30);
    pass(5);
    assertThat(wanted()).containsExactly(0, 1);

    assertThat(picture(0)).isTrue();

    assertThat(wanted()).containsExactly(0);
    assertThat(keyframe(1)).isFalse();
  }

  @Test
  void breakAfterSteadyUse_isFirstTriedAgain_andAFailedOpeningOpensTheBackup() {
    run(0, 30);

    assertThat(lost(0)).isTrue();
    assertThat(wanted()).containsExactly(0);
    assertThat(lost(0)).isFalse();
    assertThat(wanted()).containsExactly(0, 1);
    assertThat(keyframe(1)).isTrue();
  }

  @Test
  void breakAfterAMoment_opensTheBackupAtOnce() {
    run(0, 3);

    lost(0);

    assertThat(wanted()).containsExactly(0, 1);
  }

  @Test
  void nothingAtAll_whoeverComesFirstIsTaken() {
    lost(0);
    assertThat(wanted()).containsExactly(0, 1);
    assertThat(keyframe(0)).isTrue();
    assertThat(wanted()).containsExactly(0);

    failover = inputs(2);
    pass(5);
    assertThat(wanted()).containsExactly(0, 1);
    assertThat(keyframe(1)).isTrue();
  }

  @Test
  void mainInput_thatDeliversSteadily_takesOverAtItsKeyframe() {
    onBackup();

    pictures(0, 1, 9);
    assertThat(keyframe(0)).isFalse();
    pictures(0, 1, 1);
    assertThat(picture(0)).isFalse();
    assertThat(failover.inUse()).isEqualTo(1);
    assertThat(keyframe(0)).isTrue();

    assertThat(failover.inUse()).isZero();
    assertThat(wanted()).containsExactly(0);
  }

  @Test
  void mainInput_thatIsSilentOrBreaksBetween_beginsToCountAnew() {
    onBackup();
    pictures(0, 1, 9);
    pictures(1, 1, 5);
    pictures(0, 1, 9);
    assertThat(keyframe(0)).isFalse();
    lost(0);
    pictures(0, 1, 9);
    assertThat(keyframe(0)).isFalse();
    pictures(0, 1, 1);

    assertThat(keyframe(0)).isTrue();
  }

  @Test
  void backupLost_whileTheMainInputDelivers_isNotWaitedFor() {
    onBackup();
    pictures(0, 1, 2);

    assertThat(lost(1)).isTrue();

    assertThat(keyframe(0)).isTrue();
  }

  @Test
  void severalBackups_takeTheirTurns() {
    failover = inputs(3);
    run(0, 30);
    lost(0);
    lost(0);
    assertThat(wanted()).containsExactly(0, 1);
    lost(1);
    assertThat(wanted()).containsExactly(0, 2);
    assertThat(keyframe(1)).isFalse();
    pass(5);
    assertThat(wanted()).containsExactly(0, 1);
    assertThat(keyframe(1)).isTrue();

    pass(5);
    assertThat(wanted()).containsExactly(0, 1, 2);
    assertThat(keyframe(2)).isTrue();
    assertThat(wanted()).containsExactly(0, 2);
    assertThat(lost(1)).isFalse();
    assertThat(failover.inUse()).isEqualTo(2);
  }

  @Test
  void silentMainInput_whoseBackupDoesNotOpen_theNextIsTried() {
    failover = inputs(3);
    run(0, 30);
    pass(5);
    assertThat(wanted()).containsExactly(0, 1);

    lost(1);
    assertThat(wanted()).containsExactly(0, 2);
    pass(5);

    assertThat(wanted()).containsExactly(0, 1);
    assertThat(failover.inUse()).isZero();
  }

  @Test
  void flappingMainInput_hasToBeWellForLongerEachTime_untilItStays() {
    onBackup();
    int seconds = 10;
    for (int time = 0; time < 8; time++) {
      pictures(0, 1, seconds - 1);
      assertThat(keyframe(0)).as("before %d s", seconds).isFalse();
      pictures(0, 1, 1);
      assertThat(keyframe(0)).as("after %d s", seconds).isTrue();
      run(0, 20);
      lost(0);
      lost(0);
      assertThat(keyframe(1)).isTrue();
      seconds = Math.min(600, 2 * seconds);
    }
    pictures(0, 1, 600);
    assertThat(keyframe(0)).isTrue();
    run(0, 6_000);
    lost(0);
    lost(0);
    assertThat(keyframe(1)).isTrue();

    pictures(0, 1, 10);
    assertThat(keyframe(0)).isTrue();
  }

  @Test
  void clockSetBackOrForth_isNoSilenceWhilePicturesCome() {
    run(0, 30);
    pass(-3_600);
    assertThat(picture(0)).isTrue();
    pass(4);
    assertThat(wanted()).containsExactly(0);
    pass(1);
    assertThat(wanted()).containsExactly(0, 1);

    assertThat(picture(0)).isTrue();
    pass(3_600);
    assertThat(picture(0)).isTrue();
    assertThat(wanted()).containsExactly(0);
    assertThat(failover.inUse()).isZero();
  }

  @Test
  void withoutABackup_theMainInputIsWantedForEver() {
    failover = inputs(1);
    run(0, 3);
    lost(0);
    pass(3_600);
    lost(0);

    assertThat(wanted()).containsExactly(0);
    assertThat(keyframe(0)).isTrue();
  }

  @Test
  void anyOrderOfEvents_neverLeavesTheStreamWithoutAWay() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int count = 1 + random.nextInt(4);
      failover = inputs(count);
      for (int n = 0; n < 500; n++) {
        int input = random.nextInt(count);
        switch (random.nextInt(4)) {
          case 0 -> lost(input);
          case 1 -> pass(random.nextInt(8));
          case 2 -> picture(input);
          default -> {
            boolean asked = wanted().contains(input);
            boolean taken = keyframe(input);
            assertThat(asked || !taken).as("seed %d", seed).isTrue();
          }
        }
        assertThat(wanted()).contains(0).hasSizeLessThanOrEqualTo(3);
        if (failover.inUse() != Failover.NONE) {
          assertThat(wanted()).contains(failover.inUse());
        }
      }
      // Whatever was: what alone is left is in use in the end.
      int alive = random.nextInt(count);
      for (int second = 0; second < 60 && failover.inUse() != alive; second++) {
        for (int input = 0; input < count; input++) {
          if (input != alive && wanted().contains(input)) {
            lost(input);
          }
        }
        if (wanted().contains(alive)) {
          keyframe(alive);
        }
        pass(1);
      }
      assertThat(failover.inUse()).as("seed %d", seed).isEqualTo(alive);
    }
  }

  private Failover inputs(int count) {
    return new Failover(count, Duration.ofSeconds(5), Duration.ofSeconds(10), now);
  }

  private void onBackup() {
    run(0, 30);
    lost(0);
    lost(0);
    assertThat(keyframe(1)).isTrue();
  }

  /** One input, in use, for a while. */
  private void run(int input, int seconds) {
    keyframe(input);
    for (int n = 0; n < seconds; n++) {
      pass(1);
      assertThat(picture(input)).isTrue();
    }
  }

  /** Pictures of two of them, each second. */
  private void pictures(int one, int other, int seconds) {
    for (int n = 0; n < seconds; n++) {
      picture(one);
      pass(1);
      picture(other);
      picture(one);
    }
  }

  private List<Integer> wanted() {
    List<Integer> all = new ArrayList<>();
    for (int input = 0; input < 4; input++) {
      if (failover.wanted(input, now)) {
        all.add(input);
      }
    }
    return all;
  }

  private boolean picture(int input) {
    return failover.heard(input, false, now);
  }

  private boolean keyframe(int input) {
    return failover.heard(input, true, now);
  }

  private boolean lost(int input) {
    return failover.lost(input, now);
  }

  private void pass(int seconds) {
    now += seconds * SECOND;
  }
}
