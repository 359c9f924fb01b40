package io.sightline.edgecapture.medialive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.SourceRequest;
import io.sightline.media.MediaException;
import io.sightline.media.source.SourceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.medialive.MediaLiveClient;

class MediaLiveKindTest {

  @Test
  void client_hasLimitsOfTimeAndSize_andDoesNotTryAgainByItself() {
    try (MediaLiveClient client = MediaLiveKind.client("eu-west-1")) {
      ClientOverrideConfiguration set = client.serviceClientConfiguration().overrideConfiguration();

      assertThat(set.apiCallTimeout()).isPresent();
      assertThat(set.apiCallAttemptTimeout()).isPresent();
      assertThat(set.executionInterceptors()).hasAtLeastOneElementOfType(AnswerLimit.class);
      assertThat(set.retryStrategy().orElseThrow().maxAttempts()).isEqualTo(1);
    }
  }

  @Test
  void opener_regionIsNowhereSaid_asksForItInTheUrl() {
    List<String> asked = new ArrayList<>();
    MediaLiveKind kind =
        new MediaLiveKind(
            region -> {
              asked.add(region);
              throw SdkClientException.create("Unable to load region");
            });
    InputOpener opener =
        kind.opener(
            new SourceRequest(
                "medialive://11/0",
                Duration.ofSeconds(5),
                SourceOptions.DEFAULTS,
                CaptureClock.system()));
    assertThat(asked).isEmpty();

    MediaException failure =
        catchThrowableOfType(
            MediaException.class, () -> opener.open(() -> false, sentence -> {}).close());

    assertThat(asked).containsExactly((String) null);
    assertThat(failure.reason()).isEqualTo(MediaException.Reason.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("?region=eu-west-1");
  }
}
