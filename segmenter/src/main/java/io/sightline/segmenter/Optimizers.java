package io.sightline.segmenter;

import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.OptimizerPlugin;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of optimizer there are. Safe for use by any thread. */
public final class Optimizers {

  private static final Logger log = LoggerFactory.getLogger(Optimizers.class);

  private final Map<String, OptimizerPlugin> plugins;

  /** With these plugins; of two with one name the later counts. */
  public Optimizers(Iterable<OptimizerPlugin> plugins) {
    Map<String, OptimizerPlugin> byName = new TreeMap<>();
    plugins.forEach(plugin -> byName.put(plugin.name(), plugin));
    this.plugins = Map.copyOf(byName);
  }

  /** All that are on the class path. */
  public static Optimizers installed() {
    return new Optimizers(ServiceLoader.load(OptimizerPlugin.class));
  }

  /**
   * Checks the optimizer of a profile, if it has one.
   *
   * @throws IllegalArgumentException when it is unknown, has a wrong setting, or could do nothing
   */
  public void check(Profile profile) {
    if (profile.optimizer() != null) {
      open(profile.optimizer());
      plugins.get(profile.optimizer().use()).check(profile);
    }
  }

  /**
   * The optimizer of a profile, as it is named there. One that cannot be opened is left out, which
   * is logged: profiles are checked where they are written, so this one was made elsewhere.
   */
  Optional<PluginSpec> usable(Profile profile, String stream) {
    if (profile.optimizer() == null) {
      return Optional.empty();
    }
    try {
      open(profile.optimizer());
      return Optional.of(profile.optimizer());
    } catch (RuntimeException e) {
      log.error(
          "{}: the optimizer of the profile '{}' cannot work and is left out: {}",
          stream,
          profile.name(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * @throws IllegalArgumentException when it is unknown or has a wrong setting
   */
  Optimizer open(PluginSpec spec) {
    OptimizerPlugin plugin = plugins.get(spec.use());
    if (plugin == null) {
      throw new IllegalArgumentException(
          "There is no optimizer '"
              + spec.use()
              + "'; there are "
              + new TreeSet<>(plugins.keySet()));
    }
    return plugin.open(spec.settings());
  }
}
