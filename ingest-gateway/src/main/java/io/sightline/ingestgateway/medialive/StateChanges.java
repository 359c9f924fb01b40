package io.sightline.ingestgateway.medialive;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** The queue that state changes arrive in, through the SDK. Blocks. */
final class StateChanges {

  private static final int MOST = 10;
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final SqsClient client;
  private final String queue;
  private final String region;

  StateChanges(SqsClient client, String queue, String region) {
    this.client = client;
    this.queue = queue;
    this.region = region;
  }

  /**
   * What was received; comes again after a while unless it is taken.
   *
   * @param channels ids of those to look at
   * @param passedOver how many messages are about something else
   */
  record Batch(List<Message> messages, Set<String> channels, int passedOver) {}

  /** Waits some seconds for messages; an empty batch when none came. */
  Batch next() {
    List<Message> messages =
        client
            .receiveMessage(
                request ->
                    request
                        .queueUrl(queue)
                        .maxNumberOfMessages(MOST)
                        .waitTimeSeconds((int) WAIT.toSeconds()))
            .messages();
    Set<String> channels = new TreeSet<>();
    int passedOver = 0;
    for (Message message : messages) {
      Set<String> named = StateChange.channels(message.body(), region);
      passedOver += named.isEmpty() ? 1 : 0;
      channels.addAll(named);
    }
    return new Batch(messages, channels, passedOver);
  }

  /**
   * What they asked for is done. Messages that were passed over go, too: nobody else reads them.
   */
  void taken(Batch batch) {
    List<DeleteMessageBatchRequestEntry> entries =
        batch.messages().stream()
            .map(
                message ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id("m" + batch.messages().indexOf(message))
                        .receiptHandle(message.receiptHandle())
                        .build())
            .toList();
    if (!entries.isEmpty()) {
      client.deleteMessageBatch(request -> request.queueUrl(queue).entries(entries));
    }
  }
}
