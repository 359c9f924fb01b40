package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a clip or a replay has come. */
public enum MediaState {
  /** Waiting for media or for work. */
  @JsonProperty("pending")
  PENDING,
  /** Playable. */
  @JsonProperty("ready")
  READY,
  /** Cannot be made; the record says why. */
  @JsonProperty("failed")
  FAILED,
  /** No longer wanted. */
  @JsonProperty("cancelled")
  CANCELLED,
  /** No longer kept: its media is deleted, or about to be. */
  @JsonProperty("gone")
  GONE
}
