package io.sightline.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.PictureOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegSettingsTest {

  @ParameterizedTest
  @CsvSource({"100, 2", "94, 2", "90, 3", "75, 7", "50, 14", "25, 28", "22, 31", "1, 31"})
  void quality_isWhatOtherProgramsMeanByIt(int quality, int quantizer) {
    assertThat(JpegSettings.quantizerOf(quality)).isEqualTo(quantizer);
  }

  @Test
  void quality_ofTheDefault_is90() {
    assertThat(JpegSettings.quantizerOf(90)).isEqualTo(JpegSettings.DEFAULTS.quantizer());
  }

  @Test
  void with_noOptions_isTheSame() {
    JpegSettings settings = new JpegSettings(5, 640);

    assertThat(settings.with(PictureOptions.NONE)).isEqualTo(settings);
  }

  @Test
  void settings_thatCannotBe_areRefused() {
    assertThatThrownBy(() -> new JpegSettings(1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JpegSettings(3, 15)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new JpegSettings(3, 0, 45, List.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
