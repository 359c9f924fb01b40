package io.sightline.records;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The settings of one plugin, read one by one with their defaults; {@link #complete()} then refuses
 * what nobody asked for. Every message names plugin and key. Not thread-safe.
 */
public final class Settings {

  private final String plugin;
  private final Map<String, Object> values;
  private final TreeSet<String> known = new TreeSet<>();

  Settings(String plugin, Map<String, Object> values) {
    this.plugin = plugin;
    this.values = Collections.unmodifiableMap(values);
  }

  public String text(String key, String otherwise) {
    Object value = take(key);
    return value == null ? otherwise : String.valueOf(value);
  }

  public double number(String key, double otherwise, double min, double max) {
    Object value = take(key);
    if (value == null) {
      return otherwise;
    }
    double number;
    try {
      number = value instanceof Number n ? n.doubleValue() : Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw wrong(key, "expected a number, found '" + value + "'");
    }
    if (!(number >= min && number <= max)) {
      throw wrong(key, "must lie between " + min + " and " + max + ", not " + value);
    }
    return number;
  }

  public int integer(String key, int otherwise, int min, int max) {
    double number = number(key, otherwise, min, max);
    if (number != Math.rint(number)) {
      throw wrong(key, "expected a whole number, found " + number);
    }
    return (int) number;
  }

  public boolean flag(String key, boolean otherwise) {
    Object value = take(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "expected true or false, found '" + value + "'");
  }

  public Duration duration(String key, Duration otherwise) {
    Object value = take(key);
    if (value == null) {
      return otherwise;
    }
    try {
      return Units.duration(value.toString());
    } catch (IllegalArgumentException e) {
      throw wrong(key, e.getMessage());
    }
  }

  /** A list of words; a single word is a list of one. */
  public List<String> words(String key, List<String> otherwise) {
    Object value = take(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Iterable<?> several)) {
      return List.of(value.toString());
    }
    List<String> words = new ArrayList<>();
    for (Object word : several) {
      if (word == null) {
        throw wrong(key, "has an empty entry");
      }
      words.add(word.toString());
    }
    return List.copyOf(words);
  }

  /**
   * To be called once all settings were read.
   *
   * @throws IllegalArgumentException when there is a setting that the plugin does not have
   */
  public void complete() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw wrong(key, "is unknown; this plugin has " + known);
      }
    }
  }

  /** An exception that names plugin and key before the sentence. */
  public IllegalArgumentException wrong(String key, String sentence) {
    return new IllegalArgumentException(
        "Plugin '" + plugin + "', setting '" + key + "': " + sentence);
  }

  private Object take(String key) {
    known.add(key);
    return values.get(key);
  }
}
