package io.sightline.ingestgateway.medialive;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * How clients are made, when they are first needed.
 *
 * @param mediaLive makes one that the caller closes
 * @param sqs makes one that the caller closes
 */
record AwsAccess(Supplier<MediaLiveClient> mediaLive, Supplier<SqsClient> sqs) {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than a queue is waited for. */
  private static final Duration READ = Duration.ofSeconds(20);

  private static final Duration ATTEMPT = Duration.ofSeconds(30);

  /** With the SDK's own retries, pauses included. */
  private static final Duration CALL = Duration.ofSeconds(60);

  /** By the SDK's default chain of credentials and its standard settings of endpoints. */
  static AwsAccess ofTheProcess(String region) {
    return new AwsAccess(
        () -> set(MediaLiveClient.builder(), region).build(),
        () -> set(SqsClient.builder(), region).build());
  }

  private static <B extends AwsSyncClientBuilder<B, ?> & AwsClientBuilder<B, ?>> B set(
      B builder, String region) {
    return builder
        .region(Region.of(region))
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ))
        .overrideConfiguration(
            limits -> limits.apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
  }
}
