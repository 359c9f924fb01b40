package io.sightline.records.plugin;

import io.sightline.records.Settings;

/** A kind of classifier: what makes segments of detections. */
public interface ClassifierPlugin {

  /** As profiles name it in {@code use}: a-z, 0-9 and '-'. */
  String name();

  /**
   * A classifier for one run of one stream. Reads each setting, then calls {@link
   * Settings#complete()}.
   *
   * @throws IllegalArgumentException naming the setting and what would be right
   */
  Classifier open(Settings settings);
}
