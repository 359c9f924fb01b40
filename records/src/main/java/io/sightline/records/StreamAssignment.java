package io.sightline.records;

import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * What a capture agent is told about one stream.
 *
 * @param profile the snapshot to announce with the next epoch
 * @param revision rises with every change, so that an agent sees what changed
 * @param timeZone in which the stream's schedule is meant, wherever the agent is; null for its own
 */
public record StreamAssignment(StreamSpec stream, Profile profile, long revision, String timeZone) {

  public StreamAssignment {
    if (timeZone != null) {
      zone(timeZone);
    }
  }

  /** In the time zone of the agent. */
  public StreamAssignment(StreamSpec stream, Profile profile, long revision) {
    this(stream, profile, revision, null);
  }

  /** When the stream is captured. */
  public Schedule schedule() {
    return new Schedule(
        stream.schedule(), timeZone == null ? ZoneId.systemDefault() : zone(timeZone));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected a time zone such as Europe/Zurich, found '" + name + "'", e);
    }
  }
}
