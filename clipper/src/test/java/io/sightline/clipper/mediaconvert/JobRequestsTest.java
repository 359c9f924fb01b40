package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.clipper.mediaconvert.testing.RequestRules;
import io.sightline.records.Json;
import io.sightline.records.Rational;
import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.mediaconvert.model.CreateJobRequest;

class JobRequestsTest {

  @ParameterizedTest
  @CsvSource({
    "25, 1, 0, 1499, 00:00:00:00, 00:00:59:24",
    "24000, 1001, 24, 86399, 00:00:01:00, 00:59:59:23",
    "30000, 1001, 1799, 1800, 00:00:59;29, 00:01:00;02",
    "30000, 1001, 17981, 17982, 00:09:59;29, 00:10:00;00",
    "60000, 1001, 3599, 3600, 00:00:59;59, 00:01:00;04",
    "50, 1, 50, 100, 00:00:01:00, 00:00:02:00"
  })
  void timecodes_ofPictures_areThoseOfTheirRate(
      long numerator, long denominator, long first, long last, String start, String end) {
    JobInput input = new JobInput("a.mp4", new Rational(numerator, denominator), first, last, 0);

    assertThat(input.startTimecode()).isEqualTo(start).matches(RequestRules.TIMECODE);
    assertThat(input.endTimecode()).isEqualTo(end).matches(RequestRules.TIMECODE);
    assertThat(input.pictures()).isEqualTo(last - first + 1);
  }

  @Test
  void create_ofMoreInputsThanOneJobReads_splitsThemInOrder() {
    Submission submission = submission(301);
    JobRequests requests = new JobRequests(settings());

    assertThat(submission.parts()).isEqualTo(3);
    CreateJobRequest last = requests.create(JobOrder.ofClip("a.b"), submission, 2);
    assertThat(requests.create(JobOrder.ofClip("a.b"), submission, 0).settings().inputs())
        .hasSize(150);
    assertThat(last.settings().inputs()).hasSize(1);
    assertThat(last.settings().inputs().get(0).fileInput())
        .isEqualTo("s3://my-video/clips/a.b/input-300.mp4");
  }

  @Test
  void token_isTheSameForTheSameClipAlone() {
    String token = JobRequests.token("lobby.live.presence.1.original.a0.r1.source", 0);

    assertThat(token).hasSize(64).matches("\\p{ASCII}+");
    assertThat(JobRequests.token("lobby.live.presence.1.original.a0.r1.source", 0))
        .isEqualTo(token);
    assertThat(JobRequests.token("lobby.live.presence.1.original.a0.r2.source", 0))
        .isNotEqualTo(token);
    assertThat(JobRequests.token("lobby.live.presence.1.original.a0.r1.source", 1))
        .isNotEqualTo(token);
  }

  @Test
  void submission_writtenAndRead_isTheSame() {
    Submission submission = submission(3).with(0, "1700000000000-abcdef");

    assertThat(Json.decode(Json.encode(submission), Submission.class)).isEqualTo(submission);
  }

  private static Submission submission(int inputs) {
    return new Submission(
        LongStream.range(0, inputs)
            .mapToObj(
                number ->
                    new JobInput(
                        "input-" + number + ".mp4", new Rational(25, 1), 5, 10, number * 1_000_000))
            .toList(),
        Submission.MAX_INPUTS,
        1,
        1920,
        1080,
        Map.of());
  }

  private static MediaConvertSettings settings() {
    return new MediaConvertSettings(
        "eu-west-1",
        null,
        "arn:aws:iam::111122223333:role/MediaConvert",
        null,
        "s3://my-video",
        Quality.SINGLE_PASS,
        MediaConvertSettings.DEFAULT_MAX_BITRATE,
        false,
        null,
        1,
        Duration.ofSeconds(1),
        null,
        Map.of(),
        Map.of(),
        null);
  }
}
