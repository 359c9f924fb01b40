package io.sightline.ingestgateway.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Something that happened, for whoever may see it. Its text is made once, for the first client that
 * wants it.
 */
final class LiveEvent {

  private final String type;
  private final Set<String> streams;
  private final Supplier<ObjectNode> data;
  private Buffer text;

  /**
   * @param streams all of which a client must be allowed to see
   */
  LiveEvent(String type, Set<String> streams, Supplier<ObjectNode> data) {
    this.type = type;
    this.streams = streams;
    this.data = data;
  }

  String type() {
    return type;
  }

  Set<String> streams() {
    return streams;
  }

  /** As the standard writes it: {@code id}, {@code event}, {@code data}, an empty line. */
  Buffer text(long id) {
    if (text == null) {
      // JSON without a line break is one data line.
      String json = new String(Json.encode(data.get()), StandardCharsets.UTF_8);
      text = Buffer.buffer("id: " + id + "\nevent: " + type + "\ndata: " + json + "\n\n");
    }
    return text;
  }
}
