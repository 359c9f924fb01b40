package io.sightline.media.timeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads OpenTimelineIO as the schema says: a clip lies after all that stand before it. */
final class OtioReader {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OtioReader() {}

  /**
   * @param kind {@code Video} or {@code Audio}
   */
  static List<CutPoint> read(byte[] otio, String kind) throws IOException {
    JsonNode timeline = MAPPER.readTree(otio);
    schema(timeline, "Timeline.1");
    JsonNode stack = timeline.get("tracks");
    schema(stack, "Stack.1");
    List<CutPoint> cuts = new ArrayList<>();
    double rate = timeline.at("/global_start_time/rate").asDouble();
    for (JsonNode track : stack.get("children")) {
      schema(track, "Track.1");
      if (!track.get("kind").asText().equals(kind)) {
        continue;
      }
      long at = time(timeline.get("global_start_time"), rate);
      for (JsonNode child : track.get("children")) {
        JsonNode range = child.get("source_range");
        schema(range, "TimeRange.1");
        long length = time(range.get("duration"), rate);
        if (child.get("OTIO_SCHEMA").asText().equals("Gap.1")) {
          at += length;
          continue;
        }
        schema(child, "Clip.1");
        long in = time(range.get("start_time"), rate);
        JsonNode media = child.get("media_reference");
        JsonNode available = media.get("available_range");
        long first = time(available.get("start_time"), rate);
        if (in < first || in + length > first + time(available.get("duration"), rate)) {
          throw new IllegalArgumentException("A clip reaches beyond its media");
        }
        cuts.add(new CutPoint(media.get("name").asText(), in, in + length, at, at + length));
        at += length;
      }
    }
    return cuts;
  }

  private static long time(JsonNode time, double rate) {
    schema(time, "RationalTime.1");
    double value = time.get("value").asDouble();
    if (time.get("rate").asDouble() != rate || value != Math.rint(value)) {
      throw new IllegalArgumentException("No whole frame at the timeline's rate: " + time);
    }
    return (long) value;
  }

  private static void schema(JsonNode node, String schema) {
    if (node == null || !node.path("OTIO_SCHEMA").asText().equals(schema)) {
      throw new IllegalArgumentException("Expected " + schema + ", found " + node);
    }
  }
}
