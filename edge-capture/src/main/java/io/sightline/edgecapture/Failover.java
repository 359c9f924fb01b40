package io.sightline.edgecapture;

import io.sightline.records.Positions;
import java.time.Duration;
import java.util.Arrays;

/**
 * Decides which of an input and its backups a stream is made of. Told what happens and when; opens,
 * closes and waits for nothing itself.
 *
 * <ul>
 *   <li>The input itself (0, the main one) is always wanted. A backup is wanted once what is in use
 *       has given nothing for {@code failover}, once its opening failed, or once its connection
 *       broke before it had been in use for {@code returnAfter}; then until the main one is back in
 *       use. Of several backups one at a time, in their order; after the last comes the first.
 *   <li>While none is in use, the main one and the backup whose turn it is are both tried, and the
 *       first to deliver a keyframe is taken.
 *   <li>While a backup is in use, the main one takes over at the first keyframe after it has
 *       delivered for {@code returnAfter} without a silence of {@code failover}. A main one that is
 *       lost again within ten times that long has to deliver for twice as long the next time, up to
 *       ten minutes (or {@code returnAfter}, if that is longer); one that stays longer is believed
 *       again. So what comes and goes does not take the stream along.
 * </ul>
 *
 * <p>Time is that of any clock: where it is set back, it stands still here meanwhile. Not
 * thread-safe.
 */
final class Failover {

  /** When nothing is in use. */
  static final int NONE = -1;

  private static final int MAIN = 0;
  private static final long NEVER = Long.MIN_VALUE;

  /** Lost again within so many times the time that it had to be well. */
  private static final int PROBATION = 10;

  private static final long MAX_WELL_MICROS = Positions.micros(Duration.ofMinutes(10));

  private final long failoverMicros;
  private final long returnMicros;

  /** When each was heard last, and since when without a silence; of one that is open. */
  private final long[] heard;

  private final long[] wellSince;

  private int inUse = NONE;

  /** The backup that is tried or in use; 0 while the main one is relied on. */
  private int turn;

  /** Since when what is relied on has been tried or heard. */
  private long givenMicros;

  private long mainTookMicros = NEVER;
  private long mainLostMicros = NEVER;
  private long wellMicros;
  private boolean returned;

  private long now;
  private long clock;

  /**
   * @param inputs how many there are, the main one among them
   */
  Failover(int inputs, Duration failover, Duration returnAfter, long nowMicros) {
    this.failoverMicros = Positions.micros(failover);
    this.returnMicros = Positions.micros(returnAfter);
    this.wellMicros = returnMicros;
    this.heard = new long[inputs];
    this.wellSince = new long[inputs];
    Arrays.fill(heard, NEVER);
    Arrays.fill(wellSince, NEVER);
    this.clock = nowMicros;
  }

  /** What the stream is made of; {@link #NONE} when nothing is. */
  int inUse() {
    return inUse;
  }

  /** Whether one is to be opened and read now. */
  boolean wanted(int input, long nowMicros) {
    look(nowMicros);
    return input == MAIN || input == turn || input == inUse;
  }

  /**
   * Something has come from one of them.
   *
   * @param keyframe whether the stream could go on with it
   * @return whether the stream is made of it; true for the first time is where it takes over
   */
  boolean heard(int input, boolean keyframe, long nowMicros) {
    look(nowMicros);
    if (wellSince[input] == NEVER || now - heard[input] >= failoverMicros) {
      wellSince[input] = now;
    }
    boolean silent = silent();
    heard[input] = now;
    if (inUse == input) {
      givenMicros = now;
      // Whoever was to stand in for it is not needed.
      turn = input;
      return true;
    }
    if (input == turn && (inUse == NONE || silent)) {
      givenMicros = now;
    }
    if (keyframe && mayTake(input, silent)) {
      take(input);
      return true;
    }
    return false;
  }

  /**
   * One could not be opened, or its connection broke or ended.
   *
   * @return whether the stream was made of it
   */
  boolean lost(int input, long nowMicros) {
    look(nowMicros);
    wellSince[input] = NEVER;
    heard[input] = NEVER;
    if (inUse == input) {
      boolean steady = input == MAIN && now - mainTookMicros >= returnMicros;
      inUse = NONE;
      givenMicros = now;
      mainLostMicros = input == MAIN ? now : mainLostMicros;
      if (input == turn && !steady) {
        next();
      }
      return true;
    }
    if (input == turn && (inUse == NONE || silent())) {
      next();
    }
    return false;
  }

  private boolean mayTake(int input, boolean silent) {
    if (inUse == NONE || silent) {
      return input == MAIN || input == turn;
    }
    return input == MAIN && now - wellSince[MAIN] >= wellMicros;
  }

  private void take(int input) {
    if (inUse == MAIN) {
      // Taken from while silent.
      mainLostMicros = heard[MAIN];
    }
    if (input == MAIN) {
      returned |= turn != MAIN;
      turn = MAIN;
      mainTookMicros = now;
    } else if (inUse != input && mainTookMicros != NEVER) {
      long stayed = mainLostMicros - mainTookMicros;
      boolean again = returned && stayed < PROBATION * wellMicros;
      if (again) {
        wellMicros = Math.min(2 * wellMicros, Math.max(MAX_WELL_MICROS, returnMicros));
      } else if (stayed >= PROBATION * wellMicros) {
        wellMicros = returnMicros;
      }
      returned = false;
    }
    inUse = input;
    givenMicros = now;
  }

  /** Whose turn it is once what is relied on has been silent for too long. */
  private void look(long nowMicros) {
    now += Math.max(0, nowMicros - clock);
    clock = nowMicros;
    boolean reliedOn = inUse == NONE || inUse == turn || silent();
    if (reliedOn && now - givenMicros >= failoverMicros) {
      next();
    }
  }

  private boolean silent() {
    return inUse != NONE && now - heard[inUse] >= failoverMicros;
  }

  private void next() {
    int backups = heard.length - 1;
    turn = backups == 0 ? MAIN : turn % backups + 1;
    givenMicros = now;
  }
}
