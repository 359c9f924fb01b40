package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the source of a stream does, as its agent sees it. */
public enum CaptureState {
  /** Being opened for the first time. */
  @JsonProperty("starting")
  STARTING,
  /** For an encoder that publishes, for a file that comes, or for the next time in its schedule. */
  @JsonProperty("waiting")
  WAITING,
  /** Delivering. */
  @JsonProperty("connected")
  CONNECTED,
  /** Connected, but silent for ten seconds or more. */
  @JsonProperty("stalled")
  STALLED,
  /** Gone; it is tried again for ever. */
  @JsonProperty("reconnecting")
  RECONNECTING,
  /** A file that has been read and acknowledged as a whole. */
  @JsonProperty("ended")
  ENDED,
  /** Cannot be captured as it is declared; not tried again until that changes. */
  @JsonProperty("failed")
  FAILED,
  /** Taken away. */
  @JsonProperty("stopped")
  STOPPED
}
