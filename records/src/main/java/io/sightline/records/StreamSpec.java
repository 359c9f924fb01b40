package io.sightline.records;

import java.util.List;

/**
 * A stream as declared in the configuration or over the API.
 *
 * @param inputs its sources on one time axis: one for all, or one per use
 * @param profile name of its profile
 * @param agent which capture agent takes it
 * @param record whether chunks are recorded
 * @param zones named polygons in its picture
 * @param pictures what is done to its sampled frames
 * @param schedule when it is captured; always when there is none
 * @param keep how long its recordings are kept; null as the installation's rule says
 */
public record StreamSpec(
    String name,
    List<InputSpec> inputs,
    String profile,
    String agent,
    Boolean record,
    List<Zone> zones,
    PictureOptions pictures,
    List<ScheduleTime> schedule,
    Keep keep) {

  private static final int MAX_SCHEDULE = 50;

  public StreamSpec {
    Ids.requireName("stream", name);
    inputs = inputs == null ? List.of() : List.copyOf(inputs);
    profile = profile == null ? "default" : Ids.requireName("profile", profile);
    agent = agent == null ? "local" : Ids.requireName("agent", agent);
    record = record == null || record;
    zones = zones == null ? List.of() : List.copyOf(zones);
    pictures = pictures == null ? PictureOptions.NONE : pictures;
    schedule = schedule == null ? List.of() : List.copyOf(schedule);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("The stream '" + name + "' has no inputs");
    }
    if (schedule.size() > MAX_SCHEDULE) {
      throw new IllegalArgumentException(
          "The schedule of the stream '"
              + name
              + "' has up to "
              + MAX_SCHEDULE
              + " times, not "
              + schedule.size());
    }
  }

  /** With everything else as it is by itself. */
  public StreamSpec(
      String name,
      List<InputSpec> inputs,
      String profile,
      String agent,
      Boolean record,
      List<Zone> zones) {
    this(name, inputs, profile, agent, record, zones, null, null, null);
  }
}
