package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a reviewer says of a segment; the last word of each counts. */
public enum Vote {
  @JsonProperty("like")
  LIKE,
  @JsonProperty("dislike")
  DISLIKE,
  /** Takes back what was said before. */
  @JsonProperty("clear")
  CLEAR
}
