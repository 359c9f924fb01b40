package io.sightline.alerter;

import io.sightline.alerter.delivery.DeliveryConfig;
import io.sightline.records.PluginSpec;
import io.sightline.records.WatchRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * @param rules the watch rules for a stream; asked for each item, so it must be quick; what it
 *     returns may change over time
 * @param channels by name: which notifier, with which settings
 * @param delivery how channels are told
 * @param progressEvery how often progress is reported while a run goes on; its end always is
 */
public record AlerterConfig(
    Function<String, List<WatchRule>> rules,
    Map<String, PluginSpec> channels,
    DeliveryConfig delivery,
    Duration progressEvery) {

  public AlerterConfig {
    channels = Map.copyOf(channels);
  }

  /** One list of rules for all streams, and the defaults. */
  public static AlerterConfig of(List<WatchRule> rules, Map<String, PluginSpec> channels) {
    List<WatchRule> fixed = List.copyOf(rules);
    return new AlerterConfig(
        stream -> fixed, channels, DeliveryConfig.defaults(), Duration.ofSeconds(1));
  }
}
