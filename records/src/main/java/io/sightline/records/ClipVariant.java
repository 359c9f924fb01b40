package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a clip has the marks of its segment, or those that an optimizer chose. */
public enum ClipVariant {
  @JsonProperty("original")
  ORIGINAL("original"),
  @JsonProperty("optimized")
  OPTIMIZED("optimized");

  private final String id;

  ClipVariant(String id) {
    this.id = id;
  }

  /** As it stands in ids. */
  public String id() {
    return id;
  }
}
