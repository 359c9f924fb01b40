package io.sightline.records.plugin;

import io.sightline.records.Settings;

/** A kind of channel to people and systems: a webhook, a text message. */
public interface NotifierPlugin {

  /** As the configuration names it in {@code use}: a-z, 0-9 and '-'. */
  String name();

  /**
   * One configured channel. Reads each setting, then calls {@link Settings#complete()}.
   *
   * @throws IllegalArgumentException naming the setting and what would be right
   */
  Notifier open(Settings settings);
}
