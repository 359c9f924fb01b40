package io.sightline.clipper.mediaconvert;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Events of EventBridge ("MediaConvert Job State Change"), as they arrive in a queue. What one says
 * of a job is passed over: events come late, twice, in any order or not at all, so each only has
 * its job asked about at once. Without a queue there are none. Thread-safe.
 */
final class JobEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JobEvents.class);

  private static final int MOST = 10;
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than the queue is waited for. */
  private static final Duration READ = Duration.ofSeconds(20);

  private static final Duration CALL = Duration.ofSeconds(60);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

  private final MediaConvertSettings settings;
  private final Map<String, Runnable> followed = new ConcurrentHashMap<>();
  private final Stop stop = new Stop();

  // Guarded by this.
  private Thread reader;
  private SqsClient client;

  JobEvents(MediaConvertSettings settings) {
    this.settings = settings;
  }

  /** From now on has it run when an event names the job; on a thread that may not be blocked. */
  void follow(String job, Runnable changed) {
    if (settings.events() == null) {
      return;
    }
    followed.put(job, changed);
    synchronized (this) {
      if (reader == null) {
        reader = new Thread(this::read, "sightline-mediaconvert-events");
        reader.setDaemon(true);
        reader.start();
      }
    }
  }

  /** Nobody wants to know of the job any more. */
  void leave(String job) {
    followed.remove(job);
  }

  private void read() {
    boolean failing = false;
    while (true) {
      try {
        stop.check();
        take(receive());
        failing = false;
      } catch (CancellationException e) {
        return;
      } catch (SdkException | IllegalStateException e) {
        // The client is closed under the call when the maker closes.
        if (stop.isStopped()) {
          return;
        }
        if (!failing) {
          LOG.warn(
              "Events of MediaConvert cannot be read from {}, so jobs are asked about every {} s: {}",
              settings.events(),
              settings.poll().toSeconds(),
              ServiceFailures.line(e.getMessage()));
        }
        failing = true;
        try {
          stop.pause(AFTER_FAILURE);
        } catch (CancellationException stopped) {
          return;
        }
      }
    }
  }

  private List<Message> receive() {
    return client()
        .receiveMessage(
            request ->
                request
                    .queueUrl(settings.events().toString())
                    .maxNumberOfMessages(MOST)
                    .waitTimeSeconds((int) WAIT.toSeconds()))
        .messages();
  }

  /** Those that name no job of ours go, too: nobody else reads them. */
  private void take(List<Message> messages) {
    if (messages.isEmpty()) {
      return;
    }
    for (Message message : messages) {
      Runnable changed = followed.get(job(message.body()));
      if (changed != null) {
        changed.run();
      }
    }
    List<DeleteMessageBatchRequestEntry> entries =
        messages.stream()
            .map(
                message ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id("m" + messages.indexOf(message))
                        .receiptHandle(message.receiptHandle())
                        .build())
            .toList();
    client()
        .deleteMessageBatch(
            request -> request.queueUrl(settings.events().toString()).entries(entries));
  }

  /** The id of the job that it is about; empty when it is about something else. */
  static String job(String message) {
    try {
      JsonNode event = Json.MAPPER.readTree(message);
      return event != null
              && event.path("source").asText().equals("aws.mediaconvert")
              && event.path("detail-type").asText().equals("MediaConvert Job State Change")
          ? event.at("/detail/jobId").asText()
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  private synchronized SqsClient client() {
    stop.check();
    if (client == null) {
      URI queue = settings.events();
      client =
          SqsClient.builder()
              .region(Region.of(settings.region()))
              // The queue's own: also that of a private network.
              .endpointOverride(URI.create(queue.getScheme() + "://" + queue.getAuthority()))
              .httpClientBuilder(
                  UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ))
              .overrideConfiguration(limits -> limits.apiCallTimeout(CALL))
              .build();
    }
    return client;
  }

  @Override
  public void close() {
    stop.handedOver();
    synchronized (this) {
      if (client != null) {
        client.close();
      }
    }
  }
}
