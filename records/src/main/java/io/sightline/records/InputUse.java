package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an input of a stream is taken for. */
public enum InputUse {
  @JsonProperty("record")
  RECORD,
  @JsonProperty("analyze")
  ANALYZE
}
