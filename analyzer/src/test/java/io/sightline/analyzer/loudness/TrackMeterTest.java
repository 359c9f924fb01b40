package io.sightline.analyzer.loudness;

import static io.sightline.analyzer.SoundOf.START;
import static io.sightline.analyzer.SoundOf.sine;
import static io.sightline.analyzer.SoundOf.wave;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.records.plugin.AnalysisException;
import io.sightline.records.plugin.Sound;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class TrackMeterTest {

  private static final long SECOND = 1_000_000;

  private final TrackMeters meters = new TrackMeters(-60);

  @Test
  void measure_calibrationTone_isWhatTheStandardSays() throws Exception {
    // BS.1770-4: 997 Hz at full scale in one front channel gives -3.01 LUFS.
    Measured one = meters.measure(wave(0, 2, sine(997, 1), t -> 0));
    Measured two = new TrackMeters(-60).measure(wave(0, 2, sine(997, 0.1), sine(997, 0.1)));

    assertThat(one.loudnessLufs()).isEqualTo(-3.01, within(0.05));
    assertThat(one.momentaryLufs()).isEqualTo(-3.01, within(0.05));
    assertThat(one.peakDbfs()).isEqualTo(0, within(0.02));
    assertThat(two.loudnessLufs()).isEqualTo(-20, within(0.05));
    assertThat(two.peakDbfs()).isEqualTo(-20, within(0.02));
  }

  @Test
  void measure_lowRumbleAndOffset_hardlyCount() throws Exception {
    assertThat(meters.measure(wave(0, 4, t -> 0.5)).loudnessLufs()).isLessThan(-30);
    assertThat(new TrackMeters(-60).measure(wave(0, 4, sine(20, 0.5))).loudnessLufs())
        .isLessThan(-15);
  }

  @Test
  void measure_peakBetweenSamples_isTold() throws Exception {
    // A quarter of the sampling rate, sampled off its peaks: the true peak is 3 dB above.
    Measured measured =
        meters.measure(wave(0, 1, t -> Math.sin(2 * Math.PI * 12_000 * t + Math.PI / 4)));

    assertThat(measured.peakDbfs()).isEqualTo(-3.01, within(0.02));
    assertThat(measured.truePeakDbtp()).isEqualTo(0, within(0.3));
  }

  @Test
  void measure_nothingAtAll_isTheFloor() throws Exception {
    Measured measured = meters.measure(wave(0, 2, t -> 0));

    assertThat(measured.loudnessLufs()).isEqualTo(Decibels.FLOOR);
    assertThat(measured.peakDbfs()).isEqualTo(Decibels.FLOOR);
    assertThat(measured.silences())
        .containsExactly(new Measured.Silence(START, START + 2 * SECOND));
  }

  @Test
  void measure_silenceAcrossChunks_isOne() throws Exception {
    DoubleUnaryOperator beeps = t -> t < 1 || t > 7 ? Math.sin(2 * Math.PI * 440 * t) : 0;

    meters.measure(wave(0, 2, beeps));
    meters.measure(wave(2, 2, beeps));
    Measured third = meters.measure(wave(4, 2, beeps));
    Measured fourth = meters.measure(wave(6, 2, beeps));
    Measured fifth = meters.measure(wave(8, 2, beeps));

    assertThat(third.silences()).hasSize(1);
    assertThat(third.silences().get(0).lengthMicros()).isCloseTo(5 * SECOND, within(200_000L));
    assertThat(fourth.silences().get(0).toMicros()).isCloseTo(START + 7 * SECOND, within(200_000L));
    assertThat(fifth.silences()).isEmpty();
  }

  @Test
  void measure_afterAGap_beginsAnew() throws Exception {
    meters.measure(wave(0, 2, t -> 0));

    Measured later = meters.measure(wave(60, 2, t -> 0));

    assertThat(later.silences().get(0).fromMicros()).isEqualTo(START + 60 * SECOND);
  }

  @Test
  void restore_betweenChunks_goesOnAsIfNothingHappened() throws Exception {
    DoubleUnaryOperator left = t -> Math.sin(t * t * 900) * Math.exp(-t);
    for (int chunk = 0; chunk < 6; chunk++) {
      Sound sound = wave(chunk * 1.37, 1.37, left, sine(333, 0.01));
      TrackMeters other = new TrackMeters(-60);
      other.restore(meters.state());

      assertThat(other.measure(sound)).isEqualTo(meters.measure(sound));
      assertThat(other.state()).isEqualTo(meters.state());
    }
  }

  @Test
  void measure_soundThatIsNone_isRefused() {
    Sound odd = wave(0, 1, t -> 0);

    for (Sound sound :
        List.of(
            new Sound(odd.chunk(), 1, 10, odd.channels()),
            new Sound(odd.chunk(), 1, 48_000, new float[0][]),
            new Sound(odd.chunk(), 1, 48_000, new float[][] {{0}, {0, 0}}))) {
      assertThatThrownBy(() -> meters.measure(sound)).isInstanceOf(AnalysisException.class);
    }
    assertThatThrownBy(() -> meters.restore(new byte[] {1, 0}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
