package io.sightline.clipper.mediaconvert;

import java.net.URI;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A queue server with the queue that EventBridge would fill; credentials are set outside. */
final class EventQueue implements AutoCloseable {

  private final SQSRestServer server;
  private final SqsClient sqs;
  private final String url;

  EventQueue() {
    server = SQSRestServerBuilder.withDynamicPort().withInterface("127.0.0.1").start();
    String address = "http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort();
    sqs =
        SqsClient.builder()
            .region(Region.EU_WEST_1)
            .endpointOverride(URI.create(address))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    // What is received and not deleted is not offered again while a test lasts.
    sqs.createQueue(
        request ->
            request
                .queueName("jobs")
                .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "300")));
    url = address + "/000000000000/jobs";
  }

  URI url() {
    return URI.create(url);
  }

  void send(String message) {
    sqs.sendMessage(request -> request.queueUrl(url).messageBody(message));
  }

  /** Those that wait and those that were received and not deleted. */
  int messages() {
    Map<QueueAttributeName, String> counts =
        sqs.getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
        + Integer.parseInt(
            counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  /** In the form of the MediaConvert user guide, "EventBridge events". */
  static String event(String source, String job) {
    return """
        {"version":"0","id":"c8a4","detail-type":"MediaConvert Job State Change","source":"%s",
         "account":"111122223333","time":"2025-11-21T10:00:00Z","region":"eu-west-1",
         "resources":["arn:aws:mediaconvert:eu-west-1:111122223333:jobs/%s"],
         "detail":{"timestamp":1763700000000,"accountId":"111122223333",
          "queue":"arn:aws:mediaconvert:eu-west-1:111122223333:queues/Default",
          "jobId":"%s","status":"COMPLETE","userMetadata":{}}}
        """
        .formatted(source, job, job);
  }

  @Override
  public void close() {
    sqs.close();
    server.stopAndGetFuture();
  }
}
