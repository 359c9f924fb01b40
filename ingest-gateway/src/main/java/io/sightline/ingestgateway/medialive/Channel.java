package io.sightline.ingestgateway.medialive;

import java.util.List;
import java.util.Set;

/**
 * A channel at one moment.
 *
 * @param state as MediaLive writes it
 * @param pipelines ids of those that run; empty unless the channel runs
 */
record Channel(String id, String name, String state, List<String> pipelines) {

  static final String RUNNING = "RUNNING";

  /** On the way, or back, to running: what it was before still holds. */
  private static final Set<String> IN_BETWEEN = Set.of("STARTING", "RECOVERING");

  Channel {
    pipelines = List.copyOf(pipelines);
  }

  boolean runs() {
    return RUNNING.equals(state);
  }

  boolean isInBetween() {
    return IN_BETWEEN.contains(state);
  }

  /** One of its pipelines, for people. */
  String described(String pipeline, String region) {
    String called =
        name == null || name.isBlank() ? "" : " '" + name.replaceAll("\\p{Cntrl}", "?") + "'";
    return "pipeline "
        + pipeline
        + " of the MediaLive channel"
        + called
        + " ("
        + id
        + ") in "
        + region;
  }
}
