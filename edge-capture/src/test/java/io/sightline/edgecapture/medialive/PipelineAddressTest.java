package io.sightline.edgecapture.medialive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineAddressTest {

  @Test
  void parse_withAndWithoutRegion_knowsChannelAndPipeline() {
    assertThat(PipelineAddress.parse("medialive://1234567/1?region=eu-west-1"))
        .isEqualTo(new PipelineAddress("1234567", "1", "eu-west-1"));
    assertThat(PipelineAddress.parse("MediaLive://1234567/0"))
        .isEqualTo(new PipelineAddress("1234567", "0", null));
    assertThat(PipelineAddress.parse("medialive://1/0?region=us-gov-west-1").region())
        .isEqualTo("us-gov-west-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "medialive://1234567",
        "medialive://1234567/",
        "medialive://1234567/2",
        "medialive://12/34/0",
        "medialive://../0",
        "medialive://1234567/0?region=",
        "medialive://1234567/0?region=evil.example.org#-a-b",
        "medialive://1234567/0?zone=eu-west-1",
        "medialive://1234567/0?region=eu-west-1&region=eu-west-2"
      })
  void parse_anythingElse_saysHowItIsWritten(String url) {
    assertThatThrownBy(() -> PipelineAddress.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("medialive://1234567/0?region=eu-west-1");
  }
}
