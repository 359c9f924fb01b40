package io.sightline.edgecapture.aws;

import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * How clients of AWS are made here. Credentials come from the SDK's default chain (environment,
 * profile, container, instance), so does the region unless the URL names one; endpoints of one's
 * own from {@code AWS_ENDPOINT_URL_…} (AWS SDKs and Tools Reference Guide, "Service-specific
 * endpoints"). Thread-safe.
 */
public final class AwsClients {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(20);
  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  /** With the SDK's own retries, pauses included. A source that fails is opened again anyway. */
  private static final Duration CALL = Duration.ofSeconds(60);

  private AwsClients() {}

  /**
   * Applies to a builder what holds for all clients.
   *
   * @param region null for the one of the environment
   * @return the builder
   */
  public static <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> B set(
      B builder, String region) {
    if (region != null) {
      builder.region(Region.of(region));
    }
    return builder
        .httpClient(Http.CLIENT)
        .overrideConfiguration(
            limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
  }

  /** Made when the first client is; shared by all, so that closing one of them leaves it open. */
  private static final class Http {

    static final SdkHttpClient CLIENT =
        UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ).build();

    private Http() {}
  }
}
