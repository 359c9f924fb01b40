package io.sightline.launcher.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sightline.records.InputSpec;
import io.sightline.records.Keep;
import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import io.sightline.records.ScheduleTime;
import io.sightline.records.StreamSpec;
import io.sightline.records.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stream as declared here; its name is the key. */
public record StreamSection(
    List<InputSpec> inputs,
    String profile,
    String agent,
    @JsonProperty("record") Boolean recorded,
    Map<String, List<Point>> zones,
    PictureOptions pictures,
    List<ScheduleTime> schedule,
    Keep keep) {

  StreamSpec named(String name) {
    List<Zone> named = new ArrayList<>();
    if (zones != null) {
      zones.forEach((zone, corners) -> named.add(new Zone(zone, corners)));
    }
    return new StreamSpec(name, inputs, profile, agent, recorded, named, pictures, schedule, keep);
  }
}
