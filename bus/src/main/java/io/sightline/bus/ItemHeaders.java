package io.sightline.bus;

import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The headers of an item of an epoch: enough to drop a repeat without reading its value. */
final class ItemHeaders {

  static final String EPOCH = "epoch";
  static final String SEQUENCE = "sequence";
  static final String LANE = "lane";
  static final String FRAME = "frame";

  private ItemHeaders() {}

  static Map<String, byte[]> of(StreamItem item) {
    return Map.of(
        EPOCH,
        item.epoch().getBytes(StandardCharsets.US_ASCII),
        SEQUENCE,
        ByteBuffer.allocate(Long.BYTES).putLong(item.sequence()).array(),
        LANE,
        item.lane().name().getBytes(StandardCharsets.US_ASCII));
  }

  static Map<String, byte[]> withFrame(StreamItem item) {
    Map<String, byte[]> plain = of(item);
    return Map.of(
        EPOCH, plain.get(EPOCH),
        SEQUENCE, plain.get(SEQUENCE),
        LANE, plain.get(LANE),
        FRAME, Json.encode(item));
  }
}
