package io.sightline.edgecapture.s3;

import com.adobe.testing.s3mock.S3MockApplication;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.edgecapture.aws.AwsProperties;
import io.sightline.records.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.http.scaladsl.Http;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** S3Mock and ElasticMQ in this process, to which the SDK's settings point. */
public final class S3World implements AutoCloseable {

  public static final String REGION = "eu-west-1";

  private final AwsProperties properties = new AwsProperties().credentials();
  private final S3MockApplication mock;
  private final SQSRestServer elastic;
  private final S3Client s3;
  private final SqsClient sqs;

  /** Its port is told by a method that is to be removed, in favour of none yet. */
  @SuppressWarnings("removal")
  public S3World() {
    mock =
        S3MockApplication.start(
            new HashMap<>(
                Map.of(
                    S3MockApplication.PROP_HTTPS_PORT,
                    S3MockApplication.RANDOM_PORT,
                    S3MockApplication.PROP_HTTP_PORT,
                    S3MockApplication.RANDOM_PORT,
                    "server.ssl.enabled",
                    false,
                    "server.address",
                    "127.0.0.1",
                    "logging.config",
                    "classpath:logback-test.xml")));
    elastic = SQSRestServerBuilder.withDynamicPort().withInterface("127.0.0.1").start();
    Http.ServerBinding binding = elastic.waitUntilStarted();
    properties
        .set("aws.endpointUrlS3", "http://127.0.0.1:" + mock.getPort())
        .set("aws.endpointUrlSqs", "http://127.0.0.1:" + binding.localAddress().getPort());
    s3 =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(REGION))
            .build();
    sqs =
        SqsClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(REGION))
            .build();
  }

  /** What a process of its own needs to find the servers. */
  public String[] settings() {
    return new String[] {
      "-Daws.endpointUrlS3=" + System.getProperty("aws.endpointUrlS3"),
      "-Daws.endpointUrlSqs=" + System.getProperty("aws.endpointUrlSqs"),
      "-Daws.accessKeyId=" + System.getProperty("aws.accessKeyId"),
      "-Daws.secretAccessKey=" + System.getProperty("aws.secretAccessKey")
    };
  }

  public void bucket(String name) {
    s3.createBucket(request -> request.bucket(name));
  }

  /** The URL of a new queue. */
  public String queue(String name) {
    return sqs.createQueue(request -> request.queueName(name)).queueUrl();
  }

  public void put(String bucket, String key, Path file) {
    s3.putObject(request -> request.bucket(bucket).key(key), file);
  }

  public void delete(String bucket, String key) {
    s3.deleteObject(request -> request.bucket(bucket).key(key));
  }

  public void send(String queue, String body) {
    sqs.sendMessage(request -> request.queueUrl(queue).messageBody(body));
  }

  /** How many messages a queue has, whether they are being worked on or not. */
  public int messages(String queue) {
    Map<QueueAttributeName, String> attributes =
        sqs.getQueueAttributes(
                request ->
                    request
                        .queueUrl(queue)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return attributes.values().stream().mapToInt(Integer::parseInt).sum();
  }

  /** The event that S3 sends to a queue. */
  public static String event(String bucket, String key, long size, Instant time) {
    ObjectNode record = Json.MAPPER.createObjectNode();
    record.put("eventVersion", "2.1").put("eventSource", "aws:s3").put("awsRegion", REGION);
    record.put("eventTime", time.toString()).put("eventName", "ObjectCreated:Put");
    ObjectNode s3 = record.putObject("s3").put("s3SchemaVersion", "1.0");
    s3.putObject("bucket").put("name", bucket).put("arn", "arn:aws:s3:::" + bucket);
    s3.putObject("object")
        .put("key", URLEncoder.encode(key, StandardCharsets.UTF_8))
        .put("size", size)
        .put("sequencer", "0055AED6DCD90281E5");
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.putArray("Records").add(record);
    return root.toString();
  }

  /** A notification of SNS around it. */
  public static String bySns(String event) {
    return Json.MAPPER
        .createObjectNode()
        .put("Type", "Notification")
        .put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
        .put("TopicArn", "arn:aws:sns:eu-west-1:123456789012:video")
        .put("Subject", "Amazon S3 Notification")
        .put("Message", event)
        .toString();
  }

  /** As EventBridge tells it. */
  public static String byEventBridge(String bucket, String key, long size, Instant time) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("version", "0").put("id", "17793124-05d4-b198-2fde-7ededc63b103");
    root.put("detail-type", "Object Created").put("source", "aws.s3");
    root.put("time", time.toString()).put("region", REGION);
    ObjectNode detail = root.putObject("detail").put("version", "0").put("reason", "PutObject");
    detail.putObject("bucket").put("name", bucket);
    detail.putObject("object").put("key", key).put("size", size);
    return root.toString();
  }

  @Override
  public void close() {
    s3.close();
    sqs.close();
    properties.close();
    // Not waited for: it may hold a long poll given up for a minute.
    elastic.stopAndGetFuture().apply();
    mock.stop();
  }
}
