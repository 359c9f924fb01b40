package io.sightline.bus;

import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import java.util.Map;

/**
 * A record to write.
 *
 * @param key the stream's id, or a replay's
 * @param value owned by the writer from now on; not to be changed
 * @param headers short facts beside the value
 */
public record OutRecord(Topic topic, String key, byte[] value, Map<String, byte[]> headers) {

  public OutRecord {
    headers = Map.copyOf(headers);
  }

  /** A record that is no item of an epoch: a segment, a clip, an alert. */
  public static OutRecord of(Topic topic, String key, Object record) {
    return new OutRecord(topic, key, Json.encode(record), Map.of());
  }

  /**
   * An item of an epoch whose JSON is the value, with the headers by which readers drop what they
   * have seen.
   */
  public static OutRecord of(Topic topic, StreamItem item) {
    return new OutRecord(topic, item.stream(), Json.encode(item), ItemHeaders.of(item));
  }

  /** A frame, or a marker among frames: the JSON is a header, the JPEG (or nothing) the value. */
  public static OutRecord frame(StreamItem item, byte[] jpeg) {
    return new OutRecord(Topic.FRAMES, item.stream(), jpeg, ItemHeaders.withFrame(item));
  }
}
