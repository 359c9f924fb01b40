package io.sightline.edgecapture.medialive;

import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.SourceKind;
import io.sightline.edgecapture.SourceRequest;
import io.sightline.edgecapture.aws.AwsClients;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.medialive.MediaLiveClientBuilder;

/**
 * {@code medialive://CHANNEL/PIPELINE?region=eu-west-1}: the thumbnails of one pipeline of a
 * channel. Thread-safe.
 */
public final class MediaLiveKind implements SourceKind {

  private static final String OF_THE_ENVIRONMENT = "";

  private final Function<String, MediaLiveClient> clients;
  private final Map<String, Region> regions = new ConcurrentHashMap<>();

  /** With the clients of this process's credentials. */
  public MediaLiveKind() {
    this(MediaLiveKind::client);
  }

  /**
   * @param clients makes the client of a region; null for the environment's
   */
  MediaLiveKind(Function<String, MediaLiveClient> clients) {
    this.clients = clients;
  }

  @Override
  public String scheme() {
    return "medialive";
  }

  @Override
  public void check(String url) {
    PipelineAddress.parse(url);
  }

  @Override
  public InputOpener opener(SourceRequest request) {
    PipelineAddress address = PipelineAddress.parse(request.url());
    return new ThumbnailOpener(
        address, () -> region(address.region()), request.every(), request.clock());
  }

  /** What all inputs of one region share. */
  record Region(MediaLiveClient client, Pace pace) {}

  private Region region(String name) {
    return regions.computeIfAbsent(
        name == null ? OF_THE_ENVIRONMENT : name,
        key -> new Region(clients.apply(name), Pace.ofTheService()));
  }

  static MediaLiveClient client(String region) {
    MediaLiveClientBuilder builder = AwsClients.set(MediaLiveClient.builder(), region);
    return builder
        .overrideConfiguration(
            builder.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(new AnswerLimit())
                // Asked again too early, a service that throttles would throttle all the more.
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .build())
        .build();
  }
}
