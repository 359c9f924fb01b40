package io.sightline.bus;

import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.Lane;
import io.sightline.records.MalformedRecordException;
import io.sightline.records.StreamItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The headers of an item of an epoch: enough to drop a repeat without reading its value. */
final class ItemHeaders {

  static final String EPOCH = "epoch";
  static final String SEQUENCE = "sequence";
  static final String LANE = "lane";
  static final String RUN = "run";
  static final String FRAME = "frame";

  private static final String DEFAULT_RUN = "live";

  /** Where an item stands in the order of its stream. */
  record Place(String run, Lane lane, String epoch, long sequence) {}

  private ItemHeaders() {}

  static Map<String, byte[]> of(StreamItem item) {
    Map<String, byte[]> headers = new HashMap<>();
    headers.put(EPOCH, ascii(item.epoch()));
    headers.put(SEQUENCE, ByteBuffer.allocate(Long.BYTES).putLong(item.sequence()).array());
    headers.put(LANE, ascii(item.lane().name()));
    headers.put(RUN, ascii(item.run()));
    return headers;
  }

  static Map<String, byte[]> withFrame(StreamItem item) {
    Map<String, byte[]> headers = of(item);
    headers.put(FRAME, Json.encode(item));
    return headers;
  }

  /**
   * Where the item stands; empty when the record is no item of an epoch.
   *
   * @throws MalformedRecordException when the headers are there but wrong
   */
  static Optional<Place> place(Map<String, byte[]> headers) {
    byte[] epoch = headers.get(EPOCH);
    byte[] sequence = headers.get(SEQUENCE);
    byte[] lane = headers.get(LANE);
    if (epoch == null && sequence == null && lane == null) {
      return Optional.empty();
    }
    try {
      if (epoch == null || lane == null || sequence == null || sequence.length != Long.BYTES) {
        throw new IllegalArgumentException(
            "an item has an epoch, a lane and a sequence of eight bytes");
      }
      long number = ByteBuffer.wrap(sequence).getLong();
      if (number < 0) {
        throw new IllegalArgumentException("the sequence " + number + " is negative");
      }
      byte[] run = headers.get(RUN);
      return Optional.of(
          new Place(
              run == null ? DEFAULT_RUN : Ids.requireName("run", text(run)),
              Lane.valueOf(text(lane)),
              Ids.requireName("epoch", text(epoch)),
              number));
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException("The headers of the item are wrong: " + e.getMessage(), e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] ascii) {
    // No name is longer, and messages quote what they refuse.
    return new String(ascii, 0, Math.min(ascii.length, 100), StandardCharsets.US_ASCII);
  }
}
