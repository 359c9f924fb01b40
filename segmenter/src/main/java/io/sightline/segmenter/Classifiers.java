package io.sightline.segmenter;

import io.sightline.records.Ids;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Settings;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.ClassifierPlugin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of classifier there are. Safe for use by any thread. */
public final class Classifiers {

  private static final Logger log = LoggerFactory.getLogger(Classifiers.class);

  private final Map<String, ClassifierPlugin> plugins;

  /** With these plugins; of two with one name the later counts. */
  public Classifiers(Iterable<ClassifierPlugin> plugins) {
    Map<String, ClassifierPlugin> byName = new TreeMap<>();
    plugins.forEach(plugin -> byName.put(plugin.name(), plugin));
    this.plugins = Map.copyOf(byName);
  }

  /** All that are on the class path. */
  public static Classifiers installed() {
    return new Classifiers(ServiceLoader.load(ClassifierPlugin.class));
  }

  /**
   * Checks the classifiers of a profile.
   *
   * @throws IllegalArgumentException when one is unknown, has a wrong setting, or the name of
   *     another
   */
  public void check(Profile profile) {
    Map<String, Classifier> opened = new LinkedHashMap<>();
    profile.classifiers().forEach(spec -> open(spec, opened));
  }

  /**
   * The classifiers of a profile by name. One that cannot be opened is left out, which is logged:
   * profiles are checked where they are written, so this one was made elsewhere.
   */
  Map<String, Classifier> open(Profile profile, String stream) {
    Map<String, Classifier> opened = new LinkedHashMap<>();
    for (PluginSpec spec : profile.classifiers()) {
      try {
        open(spec, opened);
      } catch (RuntimeException e) {
        log.error(
            "{}: a classifier of the profile '{}' cannot work and is left out: {}",
            stream,
            profile.name(),
            e.getMessage());
      }
    }
    return opened;
  }

  private void open(PluginSpec spec, Map<String, Classifier> opened) {
    ClassifierPlugin plugin = plugins.get(spec.use());
    if (plugin == null) {
      throw new IllegalArgumentException(
          "There is no classifier '"
              + spec.use()
              + "'; there are "
              + new TreeMap<>(plugins).keySet());
    }
    Settings settings = spec.settings();
    String name = Ids.requireName("classifier", settings.text("name", spec.use()));
    if (opened.containsKey(name)) {
      throw new IllegalArgumentException(
          "Two classifiers are called '" + name + "'; give one of them another 'name'");
    }
    opened.put(name, plugin.open(settings));
  }
}
