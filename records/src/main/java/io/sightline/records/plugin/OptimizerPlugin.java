package io.sightline.records.plugin;

import io.sightline.records.Profile;
import io.sightline.records.Settings;

/** A kind of optimizer: what looks for better marks for segments. */
public interface OptimizerPlugin {

  /** As profiles name it in {@code use}: a-z, 0-9 and '-'. */
  String name();

  /**
   * An optimizer. Reads each setting, then calls {@link Settings#complete()}.
   *
   * @throws IllegalArgumentException naming the setting and what would be right
   */
  Optimizer open(Settings settings);

  /**
   * Refuses a profile in which it could do nothing: whose analyzers do not tell what it needs.
   *
   * @throws IllegalArgumentException saying what is missing
   */
  default void check(Profile profile) {}
}
