package io.sightline.alerter;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifierPlugin;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/** Tells the log: the README quotes it. */
public final class ShortestNotifier implements NotifierPlugin {

  public String name() {
    return "log";
  }

  public Notifier open(Settings settings) {
    String prefix = settings.text("prefix", "Alert:");
    settings.complete();
    return alert -> {
      LoggerFactory.getLogger("alerts").info("{} {} {}", prefix, alert.state(), alert.id());
      return CompletableFuture.completedFuture(null);
    };
  }
}
