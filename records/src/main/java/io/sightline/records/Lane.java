package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The two orders in which an epoch's items travel: its frames, and its chunks. Sequences rise
 * within a lane; between lanes only positions compare.
 */
public enum Lane {
  @JsonProperty("frames")
  FRAMES,
  @JsonProperty("chunks")
  CHUNKS
}
