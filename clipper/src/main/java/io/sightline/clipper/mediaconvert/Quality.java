package io.sightline.clipper.mediaconvert;

import com.fasterxml.jackson.annotation.JsonProperty;
import software.amazon.awssdk.services.mediaconvert.model.H264QualityTuningLevel;

/** How much care the encoder takes; it decides the price tier. */
public enum Quality {
  @JsonProperty("single-pass")
  SINGLE_PASS(H264QualityTuningLevel.SINGLE_PASS, false),
  @JsonProperty("single-pass-hq")
  SINGLE_PASS_HQ(H264QualityTuningLevel.SINGLE_PASS_HQ, true),
  @JsonProperty("multi-pass-hq")
  MULTI_PASS_HQ(H264QualityTuningLevel.MULTI_PASS_HQ, true);

  private final H264QualityTuningLevel level;
  private final boolean professional;

  Quality(H264QualityTuningLevel level, boolean professional) {
    this.level = level;
    this.professional = professional;
  }

  H264QualityTuningLevel level() {
    return level;
  }

  /** Whether it is billed in the professional tier rather than the basic one. */
  boolean professional() {
    return professional;
  }
}
