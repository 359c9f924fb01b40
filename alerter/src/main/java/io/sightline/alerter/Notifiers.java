package io.sightline.alerter;

import io.sightline.records.Ids;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifierPlugin;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The kinds of channel there are. Safe for use by any thread. */
public final class Notifiers {

  private final Map<String, NotifierPlugin> plugins;

  /** With these plugins; of two with one name the later counts. */
  public Notifiers(Iterable<NotifierPlugin> plugins) {
    Map<String, NotifierPlugin> byName = new TreeMap<>();
    plugins.forEach(plugin -> byName.put(plugin.name(), plugin));
    this.plugins = Map.copyOf(byName);
  }

  /** All that are on the class path. */
  public static Notifiers installed() {
    return new Notifiers(ServiceLoader.load(NotifierPlugin.class));
  }

  /**
   * Opens channels; the caller closes them.
   *
   * @throws IllegalArgumentException when one is of an unknown kind or has a wrong setting; none is
   *     left open then
   */
  public Map<String, Notifier> open(Map<String, PluginSpec> channels) {
    Map<String, Notifier> opened = new HashMap<>();
    try {
      for (Map.Entry<String, PluginSpec> channel : new TreeMap<>(channels).entrySet()) {
        opened.put(
            Ids.requireName("channel", channel.getKey()),
            plugin(channel.getValue()).open(channel.getValue().settings()));
      }
    } catch (RuntimeException e) {
      close(opened);
      throw e;
    }
    return opened;
  }

  /**
   * Checks channels by opening and closing them; nothing is sent.
   *
   * @throws IllegalArgumentException when one is of an unknown kind or has a wrong setting
   */
  public void check(Map<String, PluginSpec> channels) {
    close(open(channels));
  }

  static void close(Map<String, Notifier> channels) {
    for (Notifier channel : channels.values()) {
      try {
        channel.close();
      } catch (Exception e) {
        throw new IllegalStateException("A channel cannot be closed", e);
      }
    }
  }

  private NotifierPlugin plugin(PluginSpec spec) {
    NotifierPlugin plugin = plugins.get(spec.use());
    if (plugin == null) {
      throw new IllegalArgumentException(
          "There is no channel of kind '"
              + spec.use()
              + "'; there are "
              + new TreeMap<>(plugins).keySet());
    }
    return plugin;
  }
}
