package io.sightline.segmenter;

import io.sightline.records.Profile;

/**
 * What plugs into the segmenter. Safe for use by any thread.
 *
 * @param classifiers what makes segments
 * @param optimizers what looks for better marks for them
 */
public record SegmenterPlugins(Classifiers classifiers, Optimizers optimizers) {

  /** All that are on the class path. */
  public static SegmenterPlugins installed() {
    return new SegmenterPlugins(Classifiers.installed(), Optimizers.installed());
  }

  /**
   * Checks those of a profile.
   *
   * @throws IllegalArgumentException when one is unknown, has a wrong setting, the name of another,
   *     or could do nothing
   */
  public void check(Profile profile) {
    classifiers.check(profile);
    optimizers.check(profile);
  }
}
