package io.sightline.segmenter.quietmarks;

import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Settings;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.OptimizerPlugin;
import java.util.Set;

/**
 * {@code quiet-marks}: marks move outwards into the nearest pause of the sound. Its settings and
 * their defaults are those of {@link QuietRules}.
 */
public final class QuietMarksPlugin implements OptimizerPlugin {

  private static final String AUDIO_LEVEL = "audio-level";
  private static final String PAUSE_FOR = "pauseFor";

  @Override
  public String name() {
    return "quiet-marks";
  }

  @Override
  public Optimizer open(Settings settings) {
    QuietRules rules = QuietRules.of(settings);
    settings.complete();
    return new QuietMarks(rules);
  }

  /** Only the built-in labels are known to need something; others are their analyzers' own. */
  @Override
  public void check(Profile profile) {
    QuietRules rules = QuietRules.of(profile.optimizer().settings());
    boolean builtIn = Set.copyOf(QuietRules.DEFAULT_QUIET).containsAll(rules.quiet());
    if (builtIn && profile.analyzers().stream().noneMatch(spec -> tells(spec, rules))) {
      throw new IllegalArgumentException(
          "The optimizer '"
              + name()
              + "' moves marks into pauses of the sound, which nothing in the profile '"
              + profile.name()
              + "' reports; add { use: audioLevel, pauseFor: 200ms } to its analyzers");
    }
  }

  private static boolean tells(PluginSpec spec, QuietRules rules) {
    boolean pauses = spec.settings().text(PAUSE_FOR, null) != null;
    return spec.use().equals(AUDIO_LEVEL) && (pauses || !rules.quiet().contains("pause"));
  }
}
