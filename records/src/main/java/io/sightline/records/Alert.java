package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A watch rule that fired.
 *
 * @param positionMicros where the visit began
 * @param lastSeenMicros where it was seen last, as of this revision
 * @param confidence the highest seen, as of this revision
 * @param box of the detection that raised it; null when it has none
 * @param pictureKey object key of the picture that raised it; null when none was kept
 * @param clip id of the clip that shows it; null until there is one
 * @param raisedMicros wall clock when it was raised
 */
public record Alert(
    String id,
    String rule,
    String stream,
    String run,
    String label,
    double confidence,
    State state,
    long positionMicros,
    long lastSeenMicros,
    Box box,
    List<String> zones,
    String pictureKey,
    String clip,
    long raisedMicros,
    int revision) {

  /** Where a visit stands. */
  public enum State {
    @JsonProperty("raised")
    RAISED,
    @JsonProperty("cleared")
    CLEARED
  }

  public Alert {
    Ids.requireId("alert", id);
    Ids.requireName("stream", stream);
    zones = zones == null ? List.of() : List.copyOf(zones);
  }
}
