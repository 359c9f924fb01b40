package io.sightline.clipper;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How near a clip comes to its marks. */
public enum ClipAccuracy {

  /** Exactly the pictures between the marks; a few of them at the marks are encoded. */
  @JsonProperty("frame")
  FRAME,

  /** A copy, from the keyframe before mark-in; nothing is ever encoded. */
  @JsonProperty("keyframe")
  KEYFRAME;

  /** As it is written in a configuration and in a clip's record. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
