package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.aws.AwsClients;
import io.sightline.edgecapture.aws.AwsFailures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An SQS queue. Messages that are held do not come again as long as {@link #keep()} is called; what
 * a kill leaves held comes again after a minute. One thread.
 */
final class MessageQueue implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MessageQueue.class);

  /** The most that one request takes. */
  private static final int BATCH = 10;

  private static final Duration HELD = Duration.ofSeconds(60);
  private static final Duration EXTENDED_EVERY = Duration.ofSeconds(20);
  private static final int WAIT_SECONDS = 1;
  private static final String PERMISSIONS =
      "; it needs the permissions sqs:ReceiveMessage, sqs:DeleteMessage and"
          + " sqs:ChangeMessageVisibility";

  private final S3Address address;
  private final SqsClient client;
  private final Duration held;
  private final Duration extendedEvery;

  /** Receipts by message. */
  private final Map<String, String> receipts = new LinkedHashMap<>();

  private final Set<String> deleted = new LinkedHashSet<>();
  private long extendedNanos = System.nanoTime();
  private String trouble;

  MessageQueue(S3Address address, SqsClient client, Duration held, Duration extendedEvery) {
    this.address = address;
    this.client = client;
    this.held = held;
    this.extendedEvery = extendedEvery;
  }

  static MessageQueue open(S3Address address) throws MediaException {
    try {
      return new MessageQueue(
          address,
          AwsClients.set(SqsClient.builder(), address.region()).build(),
          HELD,
          EXTENDED_EVERY);
    } catch (SdkException e) {
      throw AwsFailures.of("The queue of " + address + " cannot be read", e);
    }
  }

  /** Whether it is there; takes nothing. Blocks. */
  void check() throws MediaException, InterruptedException {
    try {
      client.getQueueAttributes(
          request ->
              request.queueUrl(address.queue()).attributeNames(QueueAttributeName.QUEUE_ARN));
    } catch (SdkException e) {
      throw failure(e, "; looking at it needs the permission sqs:GetQueueAttributes");
    }
  }

  /** The next messages; empty when none has come for a second. Blocks. */
  List<Message> receive() throws MediaException, InterruptedException {
    try {
      return client
          .receiveMessage(
              request ->
                  request
                      .queueUrl(address.queue())
                      .maxNumberOfMessages(BATCH)
                      .waitTimeSeconds(WAIT_SECONDS)
                      .visibilityTimeout((int) held.toSeconds())
                      .messageSystemAttributeNames(
                          MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
          .messages();
    } catch (SdkException e) {
      throw failure(e, PERMISSIONS);
    }
  }

  /** How many times a message has come. */
  static int received(Message message) {
    String count = message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
    return count == null ? 1 : Integer.parseInt(count);
  }

  /** It is being worked on. */
  void hold(Message message) {
    receipts.put(message.messageId(), message.receiptHandle());
  }

  /** What was held is done with. */
  void release(String messageId) {
    String receipt = receipts.remove(messageId);
    if (receipt != null) {
      deleted.add(receipt);
    }
  }

  void delete(Message message) {
    deleted.add(message.receiptHandle());
  }

  /** Deletes what is done with. What cannot be deleted comes again, and is known then. Blocks. */
  void flush() throws MediaException, InterruptedException {
    for (List<String> batch : batches(deleted)) {
      try {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (String receipt : batch) {
          entries.add(
              DeleteMessageBatchRequestEntry.builder()
                  .id(Integer.toString(entries.size()))
                  .receiptHandle(receipt)
                  .build());
        }
        client
            .deleteMessageBatch(request -> request.queueUrl(address.queue()).entries(entries))
            .failed()
            .forEach(each -> LOG.debug("{}: not deleted: {}", address, each.message()));
        deleted.removeAll(batch);
      } catch (SdkException e) {
        MediaException failure = failure(e, PERMISSIONS);
        if (failure.reason() == Reason.UNAUTHORIZED || failure.reason() == Reason.NOT_FOUND) {
          throw failure;
        }
        LOG.debug("{}: deleted later: {}", address, failure.getMessage());
        return;
      }
    }
  }

  /** Keeps what is held from coming again, when it is time for that. Blocks. */
  void keep() {
    long now = System.nanoTime();
    if (now - extendedNanos >= extendedEvery.toNanos()) {
      extendedNanos = now;
      extend((int) held.toSeconds());
    }
  }

  private void extend(int seconds) {
    for (List<String> batch : batches(receipts.values())) {
      List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
      for (String receipt : batch) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(receipt)
                .visibilityTimeout(seconds)
                .build());
      }
      try {
        client
            .changeMessageVisibilityBatch(
                request -> request.queueUrl(address.queue()).entries(entries))
            .failed()
            .forEach(each -> LOG.debug("{}: may come again: {}", address, each.message()));
        trouble = null;
      } catch (SdkException e) {
        // A message that comes again is known.
        String sentence =
            AwsFailures.of("The queue " + address.queueName() + " may repeat itself", e)
                .getMessage();
        if (!sentence.equals(trouble)) {
          LOG.warn("{}: {}", address, sentence);
          trouble = sentence;
        }
        return;
      }
    }
  }

  private MediaException failure(SdkException e, String permissions) throws InterruptedException {
    MediaException failure =
        AwsFailures.during(
            "The queue " + address.queueName() + " of " + address + " cannot be read", e);
    return failure.reason() != Reason.UNAUTHORIZED
        ? failure
        : new MediaException(Reason.UNAUTHORIZED, failure.getMessage() + permissions, e);
  }

  private static List<List<String>> batches(Iterable<String> all) {
    List<List<String>> batches = new ArrayList<>();
    for (String each : all) {
      if (batches.isEmpty() || batches.get(batches.size() - 1).size() == BATCH) {
        batches.add(new ArrayList<>());
      }
      batches.get(batches.size() - 1).add(each);
    }
    return batches;
  }

  /** Deletes what is done with, and lets others have what is held. */
  @Override
  public void close() {
    // What the end of the thread interrupts would not be sent.
    boolean interrupted = Thread.interrupted();
    try {
      flush();
      extend(0);
    } catch (MediaException e) {
      LOG.debug("{}: {}", address, e.getMessage());
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      receipts.clear();
      deleted.clear();
      client.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
