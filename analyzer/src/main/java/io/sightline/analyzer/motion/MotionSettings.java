package io.sightline.analyzer.motion;

import io.sightline.records.Positions;
import io.sightline.records.Settings;
import java.time.Duration;

/**
 * @param threshold luma steps by which a cell must differ from the background, before noise
 * @param minArea share of the picture that a thing must cover
 * @param minConfidence below which nothing is reported, 0 to 100
 * @param absorbMicros after which a thing that does not move at all becomes background
 * @param maxBoxes how many are reported of one frame, the largest first
 */
record MotionSettings(
    double threshold, double minArea, double minConfidence, long absorbMicros, int maxBoxes) {

  static final int DEFAULT_SENSITIVITY = 50;
  static final double DEFAULT_MIN_AREA_PERCENT = 0.1;
  static final double DEFAULT_MIN_CONFIDENCE = 50;
  static final Duration DEFAULT_ABSORB_AFTER = Duration.ofMinutes(3);
  static final int DEFAULT_MAX_BOXES = 16;

  static MotionSettings read(Settings settings) {
    double sensitivity = settings.number("sensitivity", DEFAULT_SENSITIVITY, 0, 100);
    double area = settings.number("minArea", DEFAULT_MIN_AREA_PERCENT, 0.01, 100);
    double confidence = settings.number("minConfidence", DEFAULT_MIN_CONFIDENCE, 0, 100);
    Duration absorb = settings.duration("absorbAfter", DEFAULT_ABSORB_AFTER);
    if (absorb.compareTo(Duration.ofSeconds(5)) < 0 || absorb.compareTo(Duration.ofHours(1)) > 0) {
      throw settings.wrong("absorbAfter", "must lie between 5s and 1h");
    }
    int boxes = settings.integer("maxBoxes", DEFAULT_MAX_BOXES, 1, 64);
    settings.complete();
    // 0, 50 and 100 ask for 30, 10 and 3.3 luma steps.
    double threshold = 30 * Math.pow(3, -sensitivity / 50);
    return new MotionSettings(threshold, area / 100, confidence, Positions.micros(absorb), boxes);
  }
}
