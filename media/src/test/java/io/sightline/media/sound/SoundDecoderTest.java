package io.sightline.media.sound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sightline.media.MediaException;
import io.sightline.media.testing.TestVideo;
import io.sightline.media.testing.TestVideo.Container;
import io.sightline.records.TrackInfo;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoundDecoderTest {

  private static final int RATE = TestVideo.SAMPLE_RATE;

  @ParameterizedTest
  @ValueSource(strings = {"aac", "libopus", "libmp3lame", "ac3"})
  void decode_findsTheToneWhereItIs(String codec) throws Exception {
    TestVideo video =
        TestVideo.plain().pictures(75).container(Container.MP4_FRAGMENTED).sound(codec, 1);

    float[][] samples = SoundDecoder.decode(track(), new byte[0], Files.readAllBytes(video.file()));

    assertThat(samples).hasNumberOfRows(2);
    assertThat(samples[0].length).isCloseTo(3 * RATE, within(RATE / 10));
    assertThat(loudness(samples[0], 0.3, 0.9)).isLessThan(0.01);
    assertThat(loudness(samples[0], 1.05, 1.2)).isCloseTo(0.35, within(0.05));
    assertThat(loudness(samples[1], 1.05, 1.2)).isCloseTo(0.35, within(0.05));
    assertThat(loudness(samples[0], 1.4, 2.8)).isLessThan(0.01);
  }

  @Test
  void decode_noMedia_isMalformed() {
    assertThatThrownBy(() -> SoundDecoder.decode(track(), new byte[0], new byte[500]))
        .isInstanceOf(MediaException.class);
  }

  @Test
  void decode_silentFilm_saysSo() throws Exception {
    byte[] film = Files.readAllBytes(TestVideo.plain().container(Container.MP4_FRAGMENTED).file());
    assertThatThrownBy(() -> SoundDecoder.decode(track(), new byte[0], film))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("no sound");
  }

  private static TrackInfo track() {
    return new TrackInfo(
        2, TrackInfo.Kind.AUDIO, "mp4a.40.2", "init", RATE, 0, 0, 0, null, RATE, 2, null);
  }

  private static double loudness(float[] samples, double from, double to) {
    float[] part = Arrays.copyOfRange(samples, (int) (from * RATE), (int) (to * RATE));
    double sum = 0;
    for (float sample : part) {
      sum += sample * sample;
    }
    return Math.sqrt(sum / part.length);
  }
}
