package io.sightline.records;

import java.util.List;

/**
 * Which analyzers and plugins run on a stream, how often frames are taken for them, and with which
 * settings. A copy of it (a snapshot) travels with every epoch, so that all stages agree.
 *
 * @param sample how often a frame is taken
 * @param keepFrames which analysed pictures are stored
 * @param analyzers what looks and listens; at least one
 * @param classifiers what makes segments of detections; each a different plugin or with a different
 *     {@code name} setting; may be empty
 * @param optimizer what looks for better marks for the segments of all classifiers; null for none
 */
public record Profile(
    String name,
    Sampling sample,
    KeepFrames keepFrames,
    List<PluginSpec> analyzers,
    List<PluginSpec> classifiers,
    PluginSpec optimizer) {

  /** One without an optimizer. */
  public Profile(
      String name,
      Sampling sample,
      KeepFrames keepFrames,
      List<PluginSpec> analyzers,
      List<PluginSpec> classifiers) {
    this(name, sample, keepFrames, analyzers, classifiers, null);
  }

  public Profile {
    Ids.requireName("profile", name);
    sample = sample == null ? Sampling.perSecond(5) : sample;
    keepFrames = keepFrames == null ? KeepFrames.DETECTIONS : keepFrames;
    analyzers = analyzers == null ? List.of() : List.copyOf(analyzers);
    classifiers = classifiers == null ? List.of() : List.copyOf(classifiers);
    if (analyzers.isEmpty()) {
      throw new IllegalArgumentException("The profile '" + name + "' has no analyzers");
    }
  }

  /** Names the content of the profile: the same settings give the same digest. */
  public String digest() {
    return Ids.digest(Json.encode(this));
  }
}
