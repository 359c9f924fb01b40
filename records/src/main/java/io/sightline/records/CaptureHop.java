package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A part of the way from a source to the gateway; where something fails there, it has a name. */
public enum CaptureHop {
  /** From the source to its agent. */
  @JsonProperty("source")
  SOURCE,
  /** The agent itself: nothing is heard of it. */
  @JsonProperty("agent")
  AGENT,
  /** From the agent to the gateway. */
  @JsonProperty("gateway")
  GATEWAY
}
