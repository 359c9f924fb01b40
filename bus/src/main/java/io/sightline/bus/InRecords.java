package io.sightline.bus;

import io.sightline.records.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** From Kafka's records to ours. */
final class InRecords {

  private static final byte[] NOTHING = {};

  private InRecords() {}

  /**
   * @throws MalformedRecordException when it has no key, and so belongs to nothing
   */
  static InRecord of(Topic topic, ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null || record.key().length == 0) {
      throw new MalformedRecordException(
          "The record "
              + topic.id()
              + " "
              + record.partition()
              + "/"
              + record.offset()
              + " has no key",
          null);
    }
    return new InRecord(
        topic,
        record.partition(),
        record.offset(),
        new String(record.key(), StandardCharsets.UTF_8),
        record.value() == null ? NOTHING : record.value(),
        headers(record),
        record.timestamp());
  }

  static Map<String, byte[]> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, byte[]> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.value() == null ? NOTHING : header.value());
    }
    return headers;
  }

  /** What it takes in memory, roughly. */
  static long size(ConsumerRecord<byte[], byte[]> record) {
    return 200L
        + Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }
}
