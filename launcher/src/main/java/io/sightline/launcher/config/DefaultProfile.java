package io.sightline.launcher.config;

import io.sightline.records.KeepFrames;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import java.util.List;
import java.util.Map;

/**
 * What runs when nobody says what should: motion makes segments on any camera, with nothing to
 * install. With a model, the model's labels make them.
 */
public final class DefaultProfile {

  public static final String NAME = "default";

  private static final Sampling SAMPLE = Sampling.perSecond(4);

  private DefaultProfile() {}

  /** Motion alone. */
  public static Profile motion() {
    return new Profile(
        NAME,
        SAMPLE,
        KeepFrames.DETECTIONS,
        List.of(new PluginSpec("motion")),
        List.of(new PluginSpec("presence", Map.of("labels", List.of("motion")))));
  }

  /**
   * A detector in the place of motion.
   *
   * @param model path or name of the model
   * @param labelsFile names of its classes; null for those that belong to its layout
   * @param watch labels that make segments; empty for all that it knows
   */
  public static Profile model(String model, String labelsFile, List<String> watch) {
    Map<String, Object> settings =
        labelsFile == null ? Map.of("model", model) : Map.of("model", model, "labels", labelsFile);
    return new Profile(
        NAME,
        SAMPLE,
        KeepFrames.DETECTIONS,
        List.of(new PluginSpec("onnx", settings)),
        List.of(
            watch.isEmpty()
                ? new PluginSpec("presence")
                : new PluginSpec("presence", Map.of("labels", watch))));
  }
}
