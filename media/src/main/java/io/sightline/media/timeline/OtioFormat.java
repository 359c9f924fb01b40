package io.sightline.media.timeline;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.records.Json;
import io.sightline.records.Rational;
import java.util.List;

/**
 * OpenTimelineIO: a stack with a track of pictures and, where there is sound, one of sound. Clips
 * are written as {@code Clip.1}, which every version of the library reads and newer ones raise to
 * their own. The schema holds rates as decimals; values are whole frames.
 */
final class OtioFormat implements TimelineFormat.Form {

  private static final String SCHEMA = "OTIO_SCHEMA";

  @Override
  public List<byte[]> write(Timeline timeline) {
    ObjectNode root = of("Timeline.1");
    root.put("name", timeline.title());
    root.set("global_start_time", time(timeline.start().frame(), timeline.rate()));
    ObjectNode metadata = root.putObject("metadata").putObject("sightline");
    metadata.put("rate", timeline.rate().toString());
    metadata.put("dropFrame", timeline.dropFrame());
    ObjectNode stack = item("Stack.1", "tracks");
    ArrayNode tracks = stack.putArray("children");
    tracks.add(track(timeline, "Video"));
    if (timeline.sources().stream().anyMatch(source -> source.channels() > 0)) {
      tracks.add(track(timeline, "Audio"));
    }
    root.set("tracks", stack);
    return List.of(JsonFormat.text(root));
  }

  private static ObjectNode track(Timeline timeline, String kind) {
    ObjectNode track = item("Track.1", kind);
    track.put("kind", kind);
    ArrayNode children = track.putArray("children");
    boolean sound = kind.equals("Audio");
    long end = 0;
    for (TimelineEntry entry : timeline.entries()) {
      if (sound && timeline.sourceOf(entry).channels() == 0) {
        continue;
      }
      if (entry.recordIn() > end) {
        ObjectNode gap = item("Gap.1", "");
        gap.set("source_range", range(0, entry.recordIn() - end, timeline.rate()));
        children.add(gap);
      }
      children.add(clip(timeline.sourceOf(entry), entry));
      end = entry.recordOut();
    }
    return track;
  }

  private static ObjectNode clip(TimelineSource source, TimelineEntry entry) {
    ObjectNode clip = item("Clip.1", entry.name());
    clip.set(
        "source_range",
        range(source.start().frame() + entry.sourceIn(), entry.sourceFrames(), source.rate()));
    ArrayNode markers = clip.withArray("markers");
    for (TimelineMarker marker : entry.markers()) {
      ObjectNode node = of("Marker.2");
      node.put("name", marker.name());
      node.put("color", "GREEN");
      node.set("marked_range", range(source.start().frame() + marker.frame(), 1, source.rate()));
      node.putObject("metadata");
      markers.add(node);
    }
    ObjectNode metadata = clip.withObject("/metadata");
    // Where the library's own reader and writer of edit decision lists keep a reel.
    metadata.putObject("cmx_3600").put("reel", source.reel());
    ObjectNode ours = metadata.putObject("sightline");
    ours.put("label", entry.label());
    if (entry.segment() != null) {
      ours.put("segment", entry.segment());
    }
    ours.put("why", entry.why());
    ours.put("handleIn", entry.handleIn());
    ours.put("handleOut", entry.handleOut());
    clip.set("media_reference", reference(source));
    return clip;
  }

  private static ObjectNode reference(TimelineSource source) {
    ObjectNode reference = of(source.url() == null ? "MissingReference.1" : "ExternalReference.1");
    reference.put("name", source.name());
    if (source.url() != null) {
      reference.put("target_url", source.url());
    }
    reference.set(
        "available_range", range(source.start().frame(), source.lengthFrames(), source.rate()));
    reference.putObject("metadata");
    return reference;
  }

  /** What can be part of a composition. */
  private static ObjectNode item(String schema, String name) {
    ObjectNode item = of(schema);
    item.put("name", name);
    item.putObject("metadata");
    item.putNull("source_range");
    item.putArray("effects");
    item.putArray("markers");
    item.put("enabled", true);
    return item;
  }

  private static ObjectNode range(long start, long duration, Rational rate) {
    ObjectNode range = of("TimeRange.1");
    range.set("start_time", time(start, rate));
    range.set("duration", time(duration, rate));
    return range;
  }

  private static ObjectNode time(long frames, Rational rate) {
    ObjectNode time = of("RationalTime.1");
    if (rate.denominator() == 1) {
      time.put("rate", rate.numerator());
    } else {
      time.put("rate", rate.toDouble());
    }
    time.put("value", frames);
    return time;
  }

  private static ObjectNode of(String schema) {
    return Json.MAPPER.createObjectNode().put(SCHEMA, schema);
  }
}
