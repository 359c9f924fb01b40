package io.sightline.analyzer;

import io.sightline.analyzer.models.ModelFolder;
import io.sightline.analyzer.models.UsesModels;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.plugin.Analyzer;
import io.sightline.records.plugin.AnalyzerPlugin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The analyzers there are, by name. Safe for use by any thread as far as the plugins are. */
public final class AnalyzerPlugins implements AutoCloseable {

  /** A name that needs more changes than this is not meant. */
  private static final int NEAR = 3;

  private final Map<String, AnalyzerPlugin> byName = new TreeMap<>();

  /**
   * @throws IllegalArgumentException when two have the same name
   */
  public AnalyzerPlugins(Collection<AnalyzerPlugin> plugins) {
    for (AnalyzerPlugin plugin : plugins) {
      AnalyzerPlugin other = byName.put(plugin.name(), plugin);
      if (other != null) {
        throw new IllegalArgumentException(
            "Two analyzers are named '"
                + plugin.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + plugin.getClass().getName());
      }
    }
  }

  /** Those on the class path. */
  public static AnalyzerPlugins load(ModelFolder models) {
    List<AnalyzerPlugin> found =
        ServiceLoader.load(AnalyzerPlugin.class).stream().map(ServiceLoader.Provider::get).toList();
    for (AnalyzerPlugin plugin : found) {
      if (plugin instanceof UsesModels uses) {
        uses.models(models);
      }
    }
    return new AnalyzerPlugins(found);
  }

  /**
   * Checks a profile's analyzers as far as can be told before anything runs: names, settings, model
   * files.
   *
   * @throws IllegalArgumentException in one sentence
   */
  public void check(Profile profile) {
    for (PluginSpec spec : profile.analyzers()) {
      try {
        named(spec.use()).check(spec.settings());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Profile '" + profile.name() + "': " + e.getMessage(), e);
      }
    }
  }

  /** Whether a source without pictures is of no use to the profile. */
  public boolean needsPictures(Profile profile) {
    return profile.analyzers().stream().anyMatch(spec -> named(spec.use()).needsPictures());
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  Analyzer open(PluginSpec spec) {
    return named(spec.use()).open(spec.settings());
  }

  /** Gives back what the plugins hold, once no analyzer of theirs is in use. */
  @Override
  public void close() {
    byName.values().forEach(AnalyzerPlugin::close);
  }

  private AnalyzerPlugin named(String name) {
    AnalyzerPlugin plugin = byName.get(name);
    if (plugin == null) {
      throw new IllegalArgumentException(
          "there is no analyzer '"
              + name
              + "'"
              + suggestion(name)
              + " (there are "
              + names()
              + ")");
    }
    return plugin;
  }

  private String suggestion(String name) {
    LevenshteinDistance distance = new LevenshteinDistance(NEAR);
    return byName.keySet().stream()
        .filter(known -> distance.apply(name, known) >= 0)
        .min((a, b) -> distance.apply(name, a) - distance.apply(name, b))
        .map(known -> ", did you mean '" + known + "'?")
        .orElse("");
  }
}
