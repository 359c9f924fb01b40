package io.sightline.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {

  @ParameterizedTest
  @CsvSource({
    "s3://my-video, my-video, ''",
    "s3://my-video/, my-video, ''",
    "s3://my.video/a, my.video, a/",
    "s3://my-video/a/b/, my-video, a/b/",
    "s3://my-video/it's_(all)-1!*.x, my-video, it's_(all)-1!*.x/"
  })
  void parse_place_givesBucketAndPrefix(String url, String bucket, String prefix) {
    assertThat(S3Location.parse(url)).isEqualTo(new S3Location(bucket, prefix));
  }

  @Test
  void url_ofAKey_isBelowThePrefix() {
    assertThat(S3Location.parse("s3://my-video").url("clips/a")).isEqualTo("s3://my-video/clips/a");
    assertThat(S3Location.parse("s3://my-video/x/").url("clips/a"))
        .isEqualTo("s3://my-video/x/clips/a");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "disk",
        "s3:",
        "s3://",
        "s3:///x",
        "s3://ab",
        "s3://My-video",
        "s3://my..video",
        "s3://-video",
        "s3://video-",
        "s3://my_video",
        "s3://user@my-video",
        "s3://my-video:9000/x",
        "s3://my-video//x",
        "s3://my-video/a//b",
        "s3://my-video/../b",
        "s3://my-video/a/./b",
        "s3://my-video/a/..",
        "s3://my-video/a b",
        "s3://my-video/a?region=eu-west-1",
        "s3://my-video/a#b",
        "s3://my-video/ä",
        "s3://my-video/a\nb",
        "https://my-video.s3.amazonaws.com/x"
      })
  void parse_noPlace_saysWhatOneIs(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Location.parse(url))
        .withMessageContaining("s3://my-video/sightline")
        .withMessageEndingWith("not '" + url + "'");
  }

  @Test
  void parse_longPrefix_leavesRoomForKeys() {
    assertThat(S3Location.parse("s3://my-video/" + "x".repeat(119)).prefix()).hasSize(120);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> S3Location.parse("s3://my-video/" + "x".repeat(120)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9000",
        "http://not a server",
        "ftp://127.0.0.1",
        "http:///x",
        "http://user:secret@127.0.0.1",
        "http://127.0.0.1/?x",
        "http://127.0.0.1/#x"
      })
  void access_endpointThatIsNoServer_isRefused(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new S3Access(null, endpoint, true))
        .withMessageContaining("http://127.0.0.1:9000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "eu west", "eu-west-1.evil.example/"})
  void access_regionThatIsNone_isRefused(String region) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new S3Access(region, null, false))
        .withMessageContaining("eu-west-1");
  }
}
