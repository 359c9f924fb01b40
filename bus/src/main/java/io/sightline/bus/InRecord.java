package io.sightline.bus;

import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import java.util.Map;

/**
 * A record that was read.
 *
 * @param value not to be written to; empty where Kafka holds none
 * @param timestampMillis when it was written, by the writer's clock
 */
public record InRecord(
    Topic topic,
    int partition,
    long offset,
    String key,
    byte[] value,
    Map<String, byte[]> headers,
    long timestampMillis) {

  /**
   * The item of an epoch that this record holds.
   *
   * @throws io.sightline.records.MalformedRecordException when it holds none
   */
  public StreamItem item() {
    byte[] frame = headers.get(ItemHeaders.FRAME);
    return Json.decode(frame != null ? frame : value, StreamItem.class);
  }

  /**
   * The record that its value holds.
   *
   * @throws io.sightline.records.MalformedRecordException when it holds none
   */
  public <T> T as(Class<T> type) {
    return Json.decode(value, type);
  }
}
