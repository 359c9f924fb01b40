package io.sightline.edgecapture.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KinesisUrlTest {

  @Test
  void parse_nameAlone_hasTheDefaults() {
    assertThat(KinesisUrl.parse("kinesis://frames"))
        .isEqualTo(new KinesisUrl("frames", null, 1_024));
  }

  @Test
  void parse_options_areTaken() {
    assertThat(KinesisUrl.parse("kinesis://My_Frames.2?maxRecordKiB=10240&region=us-gov-west-1"))
        .isEqualTo(new KinesisUrl("My_Frames.2", "us-gov-west-1", 10_240));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kinesis://                        | expected the name of a data stream",
        "kinesis://a/b                     | expected the name of a data stream",
        "kinesis://a b                     | expected the name of a data stream",
        "kinesis://user:secret@frames      | expected the name of a data stream",
        "kinesis://frames?regoin=eu-west-1 | there is no option 'regoin'",
        "kinesis://frames?region=Frankfurt | expected a region such as eu-central-1",
        "kinesis://frames?region=a-b&region=c-d | the option 'region' stands there twice",
        "kinesis://frames?maxRecordKiB=1   | expected 1024 to 10240",
        "kinesis://frames?maxRecordKiB=9999999999 | expected 1024 to 10240",
        "kinesis://frames?maxRecordKiB=1MB | expected 1024 to 10240"
      })
  void parse_wrong_saysWhatIsWanted(String url, String sentence) {
    assertThatThrownBy(() -> KinesisUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence)
        .hasMessageNotContaining("secret");
  }
}
