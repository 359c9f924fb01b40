package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A plugin as a profile uses it: {@code {use: onnx, model: yolox-nano, minConfidence: 50}}. All but
 * {@code use} (or {@code plugin}, which means the same) are the plugin's own settings, which only
 * it can check.
 */
public final class PluginSpec {

  private final String use;
  private final TreeMap<String, Object> settings = new TreeMap<>();

  @JsonCreator
  public PluginSpec(@JsonProperty("use") @JsonAlias("plugin") String use) {
    this.use = Ids.requireName("plugin", camelToName(use));
  }

  public PluginSpec(String use, Map<String, Object> settings) {
    this(use);
    settings.forEach(this::value);
  }

  /** The plugin's name, such as {@code motion} or {@code presence}. */
  @JsonProperty("use")
  public String use() {
    return use;
  }

  @JsonIgnore
  public Settings settings() {
    return new Settings(use, settings);
  }

  @JsonAnyGetter
  Map<String, Object> values() {
    return settings;
  }

  @JsonAnySetter
  void value(String key, Object value) {
    if (key.equals("use") || key.equals("plugin")) {
      throw new IllegalArgumentException(
          "'" + key + "' names the plugin '" + use + "', it is no setting");
    }
    // A setting left empty is one not made.
    if (value != null) {
      settings.put(key, value);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PluginSpec spec
        && spec.use.equals(use)
        && spec.settings.equals(settings);
  }

  @Override
  public int hashCode() {
    return 31 * use.hashCode() + settings.hashCode();
  }

  @Override
  public String toString() {
    return use + settings;
  }

  /** {@code audioLevel} and {@code audio-level} name the same plugin. */
  private static String camelToName(String name) {
    return name == null
        ? null
        : name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
