package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is asked of the {@link ReplayJob} of a replay. Asking twice for the same version gives the
 * same job, unless that has failed or was cancelled meanwhile.
 *
 * @param version of the replay that is meant
 * @param by who asks
 * @param atMicros when, by the wall clock; of what ends a job, when that was asked for
 */
public record ReplayJobRequest(String replay, int version, Kind kind, String by, long atMicros) {

  /** What is asked. */
  public enum Kind {
    /** That the replay be encoded as a whole. */
    @JsonProperty("make")
    MAKE,
    /** That this end, and that nothing be left of it. */
    @JsonProperty("cancel")
    CANCEL
  }

  public ReplayJobRequest {
    Ids.requireName("replay", replay);
    if (kind == null || version < 1) {
      throw new IllegalArgumentException(
          "A request for a replay's job says what is asked, and of which version");
    }
  }
}
