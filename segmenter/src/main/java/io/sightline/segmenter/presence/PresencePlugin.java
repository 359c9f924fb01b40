package io.sightline.segmenter.presence;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.ClassifierPlugin;
import java.util.List;

/**
 * {@code presence}: a segment for as long as one of its labels is seen or heard. Its settings and
 * their defaults are those of {@link PresenceRules}.
 */
public final class PresencePlugin implements ClassifierPlugin {

  private static final List<String> DEFAULT_LABELS = List.of("motion");

  @Override
  public String name() {
    return "presence";
  }

  @Override
  public Classifier open(Settings settings) {
    PresenceRules rules = PresenceRules.of(settings, DEFAULT_LABELS);
    settings.complete();
    return new Presence(rules);
  }
}
