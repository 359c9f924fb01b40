package io.sightline.media.timeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sightline's own, described in docs/timelines.md. Fields are only ever added; {@code version}
 * rises when one changes its meaning.
 */
final class JsonFormat implements TimelineFormat.Form {

  private static final String FORMAT = "sightline-timeline";
  private static final int VERSION = 1;

  @Override
  public List<byte[]> write(Timeline timeline) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.put("title", timeline.title());
    root.put("rate", timeline.rate().toString());
    root.put("dropFrame", timeline.dropFrame());
    root.put("start", timeline.start().toString());
    root.put("startFrame", timeline.start().frame());
    root.put("lengthFrames", timeline.lengthFrames());
    ArrayNode sources = root.putArray("sources");
    timeline.sources().forEach(source -> sources.add(source(source)));
    ArrayNode entries = root.putArray("entries");
    for (TimelineEntry entry : timeline.entries()) {
      entries.add(entry(timeline, entry, entries.size() + 1));
    }
    return List.of(text(root));
  }

  private static ObjectNode source(TimelineSource source) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("name", source.name());
    node.put("reel", source.reel());
    if (source.url() != null) {
      node.put("url", source.url());
    }
    node.put("rate", source.rate().toString());
    node.put("dropFrame", source.start().dropFrame());
    node.put("start", source.start().toString());
    node.put("startFrame", source.start().frame());
    node.put("lengthFrames", source.lengthFrames());
    node.put("width", source.width());
    node.put("height", source.height());
    ArrayNode channels = node.putArray("audioChannels");
    source.audioChannels().forEach(channels::add);
    node.put("sampleRate", source.sampleRate());
    return node;
  }

  private static ObjectNode entry(Timeline timeline, TimelineEntry entry, int number) {
    TimelineSource source = timeline.sourceOf(entry);
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("number", number);
    node.put("source", entry.source());
    node.put("name", entry.name());
    node.put("label", entry.label());
    if (entry.segment() != null) {
      node.put("segment", entry.segment());
    }
    node.put("sourceInFrame", entry.sourceIn());
    node.put("sourceOutFrame", entry.sourceOut());
    node.put("sourceIn", source.timecode(entry.sourceIn()).toString());
    node.put("sourceOut", source.timecode(entry.sourceOut()).toString());
    node.put("recordInFrame", entry.recordIn());
    node.put("recordOutFrame", entry.recordOut());
    node.put("recordIn", timeline.timecode(entry.recordIn()).toString());
    node.put("recordOut", timeline.timecode(entry.recordOut()).toString());
    node.put("handleInFrames", entry.handleIn());
    node.put("handleOutFrames", entry.handleOut());
    node.put("why", entry.why());
    ArrayNode markers = node.putArray("markers");
    for (TimelineMarker marker : entry.markers()) {
      markers.addObject().put("sourceFrame", marker.frame()).put("name", marker.name());
    }
    return node;
  }

  /** JSON that people can read and compare, the same on every platform. */
  static byte[] text(JsonNode root) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    try {
      return (Json.MAPPER.writer(printer).writeValueAsString(root) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON in memory cannot be written", e);
    }
  }
}
