package io.sightline.edgecapture.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a message of a queue says about objects: an event of S3 ("Event message structure" in its
 * User Guide), as it is, in a notification of SNS, or as EventBridge tells it.
 *
 * @param created empty for what announces nothing that could be read: a test event, a deletion
 */
record Announcement(List<CreatedObject> created) {

  /** SNS around EventBridge around nothing more. */
  private static final int MAX_WRAPPERS = 3;

  private static final int MAX_RECORDS = 1_000;
  private static final int MAX_BUCKET = 63;
  private static final Announcement OF_NOTHING = new Announcement(List.of());

  Announcement {
    created = List.copyOf(created);
  }

  /** Empty when it is no announcement of S3. */
  static Optional<Announcement> parse(String message) {
    try {
      return parse(message, 0);
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Announcement> parse(String message, int wrappers)
      throws JsonProcessingException {
    JsonNode root = Json.MAPPER.readTree(message);
    if (root == null || !root.isObject() || wrappers == MAX_WRAPPERS) {
      return Optional.empty();
    }
    if (root.path("Records").isArray()) {
      return Optional.of(records(root.path("Records")));
    }
    if (root.path("Event").asText().equals("s3:TestEvent")) {
      return Optional.of(OF_NOTHING);
    }
    if (root.path("source").asText().equals("aws.s3") && root.path("detail").isObject()) {
      return Optional.of(event(root));
    }
    return root.path("Type").asText().equals("Notification") && root.path("Message").isTextual()
        ? parse(root.path("Message").asText(), wrappers + 1)
        : Optional.empty();
  }

  private static Announcement records(JsonNode records) {
    if (records.size() > MAX_RECORDS) {
      throw new IllegalArgumentException("Too many records");
    }
    List<CreatedObject> created = new ArrayList<>();
    for (JsonNode record : records) {
      String name = record.path("eventName").asText();
      if (!record.path("eventSource").asText().equals("aws:s3") || name.isEmpty()) {
        throw new IllegalArgumentException("No record of S3");
      }
      if (name.startsWith("ObjectCreated:")) {
        JsonNode s3 = record.path("s3");
        String key =
            URLDecoder.decode(s3.path("object").path("key").asText(), StandardCharsets.UTF_8);
        created.add(created(s3, key, record.path("eventTime")));
      }
    }
    return new Announcement(created);
  }

  /** Keys are not encoded there. */
  private static Announcement event(JsonNode root) {
    return root.path("detail-type").asText().equals("Object Created")
        ? new Announcement(
            List.of(
                created(
                    root.path("detail"),
                    root.path("detail").path("object").path("key").asText(),
                    root.path("time"))))
        : OF_NOTHING;
  }

  private static CreatedObject created(JsonNode of, String key, JsonNode time) {
    String bucket = of.path("bucket").path("name").asText();
    // Absent from an object of no bytes.
    long size = of.path("object").path("size").asLong(0);
    if (bucket.isEmpty()
        || bucket.length() > MAX_BUCKET
        || key.isEmpty()
        || key.length() > S3Address.MAX_KEY
        || size < 0) {
      throw new IllegalArgumentException("No object");
    }
    return new CreatedObject(bucket, key, size, Instant.parse(time.asText()).toEpochMilli());
  }
}
