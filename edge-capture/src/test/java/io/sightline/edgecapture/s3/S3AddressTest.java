package io.sightline.edgecapture.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3AddressTest {

  private static final String QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/video";

  @Test
  void parse_takesItApart() {
    S3Address address =
        S3Address.parse("s3://my.video-1/live/court%201/a%3F_?region=eu-west-1&queue=" + QUEUE);

    assertThat(address)
        .isEqualTo(new S3Address("my.video-1", "live/court 1/a?_", QUEUE, "eu-west-1"));
    assertThat(address).hasToString("s3://my.video-1/live/court 1/a?_");
    assertThat(address.queueName()).isEqualTo("video");
    assertThat(address.holds("my.video-1", "live/court 1/a?_00001.ts")).isTrue();
    assertThat(address.holds("my.video-1", "live/court 2/a?_00001.ts")).isFalse();
    assertThat(address.holds("other", "live/court 1/a?_00001.ts")).isFalse();
    assertThat(S3Address.parse("s3://bucket")).isEqualTo(new S3Address("bucket", "", null, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3:bucket/a|scheme://name",
        "s3:///a|named as in s3://my-bucket",
        "s3://Bucket/a|lower case",
        "s3://b/a|3 to 63",
        "s3://bucket/a?regoin=eu-west-1|unknown option",
        "s3://bucket/a?region=europe|names no region",
        "s3://bucket/a?region=eu-west-1&region=eu-west-1|twice",
        "s3://bucket/a?queue=video|given by its URL",
        "s3://bucket/a?queue=https://user:pw@host/q|given by its URL",
        "s3://bucket/a%zz|%25"
      })
  void parse_whatCannotBe_saysWhatWouldBe(String url, String sentence) {
    assertThatThrownBy(() -> S3Address.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }
}
