package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which analysed pictures are stored. */
public enum KeepFrames {
  @JsonProperty("all")
  ALL,
  /** Those in which something was detected. */
  @JsonProperty("detections")
  DETECTIONS,
  @JsonProperty("none")
  NONE
}
