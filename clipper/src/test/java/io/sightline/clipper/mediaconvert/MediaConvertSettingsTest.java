package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.clipper.ClipAccuracy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaConvertSettingsTest {

  private static final String ROLE = "arn:aws:iam::111122223333:role/service/MediaConvert";
  private static final String BUCKET = "s3://my-video/sightline";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Ireland   | " + ROLE + " | queue | MediaConvert needs a region such as eu-west-1",
        "          | " + ROLE + " | queue | MediaConvert needs a region",
        "eu-west-1 | MediaConvert | queue | MediaConvert needs the ARN of a role",
        "eu-west-1 | arn:aws:iam::111122223333:user/me | queue | needs the ARN of a role",
        "eu-west-1 |           | queue | MediaConvert needs the ARN of a role",
        "eu-west-1 | " + ROLE + " | arn:aws:sqs:a:b | the name or the ARN of a MediaConvert queue",
      })
  void settings_thatCannotBe_areRefusedInASentence(
      String region, String role, String queue, String sentence) {
    assertThatThrownBy(() -> settings(region, role, queue, BUCKET, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThatThrownBy(() -> settings("eu-west-1", ROLE, null, BUCKET, 0))
        .hasMessage("expected 1 to 200 jobs at once, found 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jobs", "https://sqs.eu-west-1.amazonaws.com", "s3://my-video/jobs"})
  void events_thatComeThroughNoQueue_areRefused(String url) {
    assertThatThrownBy(() -> settings("eu-west-1", ROLE, null, BUCKET, 10, URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the URL of a queue, such as https://sqs.")
        .hasMessageContaining("found '" + url + "'");
  }

  @Test
  void opener_objectsAreNotInS3_saysWhatWouldBeRight() {
    MediaConvertSettings onDisk = settings("eu-west-1", ROLE, null, "disk", 10);

    assertThatThrownBy(() -> new MediaConvert(onDisk))
        .hasMessageContaining("set storage.objects to s3://bucket/prefix instead of 'disk'");
  }

  @Test
  void opener_copiesAreAskedFor_saysThatThereAreNone() {
    MediaConvertSettings settings = settings("eu-west-1", ROLE, null, BUCKET, 10);

    assertThatThrownBy(() -> new MediaConvert(settings).clips(ClipAccuracy.KEYFRAME))
        .hasMessageContaining("set clips.accuracy to frame");
  }

  @Test
  void estimate_isMinutesTimesPriceTimesFactors() {
    PriceTable prices = PriceTable.defaults();

    assertThat(prices.estimate(Duration.ofMinutes(2), 1, Quality.SINGLE_PASS, 1080, 25))
        .isEqualByComparingTo("0.03");
    assertThat(prices.estimate(Duration.ofMinutes(2), 2, Quality.MULTI_PASS_HQ, 2160, 59.94))
        .isEqualByComparingTo("0.288");
    assertThat(prices.estimate(Duration.ofSeconds(1), 1, Quality.SINGLE_PASS, 360, 29.97))
        .as("at least ten seconds are billed")
        .isEqualByComparingTo("0.0013");
  }

  private static MediaConvertSettings settings(
      String region, String role, String queue, String objects, int jobs) {
    return settings(region, role, queue, objects, jobs, null);
  }

  private static MediaConvertSettings settings(
      String region, String role, String queue, String objects, int jobs, URI events) {
    return new MediaConvertSettings(
        region,
        URI.create("https://mediaconvert.eu-west-1.amazonaws.com"),
        role,
        queue,
        objects,
        Quality.SINGLE_PASS,
        MediaConvertSettings.DEFAULT_MAX_BITRATE,
        false,
        null,
        jobs,
        MediaConvertSettings.DEFAULT_POLL,
        events,
        Map.of(),
        Map.of(),
        null);
  }
}
