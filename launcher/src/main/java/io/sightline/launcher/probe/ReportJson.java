package io.sightline.launcher.probe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.edgecapture.SourceReport;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Json;

/** A report for programs: only ever added to. */
final class ReportJson {

  private ReportJson() {}

  static ObjectNode of(SourceReport report) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("url", report.url());
    json.put("live", report.live());
    json.put("container", report.container());
    seconds(json, "duration", report.durationMicros());
    seconds(json, "lookedAt", report.lookedAtMicros());
    ArrayNode tracks = json.putArray("tracks");
    for (SourceTrack track : report.tracks()) {
      ObjectNode one = tracks.addObject();
      one.put("index", track.index());
      one.put("kind", track.isVideo() ? "video" : "audio");
      one.put("codec", track.codec());
      if (track.isVideo()) {
        one.put("width", track.width());
        one.put("height", track.height());
        one.put("picturesPerSecond", report.picturesPerSecond());
      } else {
        one.put("sampleRate", track.sampleRate());
        one.put("channels", track.channels());
      }
      one.put("language", track.language());
      one.put("bitsPerSecond", report.bitsPerSecond().get(track.index()));
      one.put("recorded", report.recorded().contains(track.index()));
      one.put("encoded", report.encoded().contains(track.index()));
      one.put("sampled", report.sampled() == track.index());
    }
    seconds(json, "keyframesApart", report.keyframesMicros());
    json.put("reordered", report.reordered());
    json.put("timecode", report.timecode());
    if (report.senderAheadMicros() != null) {
      json.put("senderClockAhead", report.senderAheadMicros() / 1e6);
    }
    json.set("samplingCost", Json.MAPPER.valueToTree(report.samplingCost()));
    json.put("encodingCost", report.encodingCost());
    json.set("findings", Json.MAPPER.valueToTree(report.findings()));
    return json;
  }

  private static void seconds(ObjectNode json, String name, long micros) {
    if (micros >= 0) {
      json.put(name, micros / 1e6);
    }
  }
}
