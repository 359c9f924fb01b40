package io.sightline.alerter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifierPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShortestNotifierTest {

  private static final List<NotifierPlugin> PLUGINS = List.of(new ShortestNotifier());

  @Test
  void shortestNotifier_isToldOfAlerts() throws Exception {
    Map<String, Notifier> channels =
        new Notifiers(PLUGINS).open(Map.of("ops", new PluginSpec("log")));

    channels.get("ops").send(Visits.at(0).raised(1)).toCompletableFuture().get(30, SECONDS);
  }

  @Test
  void installed_byDefault_hasTheWebhook() {
    Notifiers.installed()
        .check(Map.of("ops", new PluginSpec("webhook", Map.of("url", "https://example.org/x"))));
  }

  @Test
  void check_unknownKindOrName_isRefused() {
    Notifiers notifiers = new Notifiers(PLUGINS);

    assertThatThrownBy(() -> notifiers.check(Map.of("ops", new PluginSpec("pigeon"))))
        .hasMessageContaining("'pigeon'")
        .hasMessageContaining("[log]");
    assertThatThrownBy(() -> notifiers.check(Map.of("Ops!", new PluginSpec("log"))))
        .hasMessageContaining("Ops!");
  }

  @Test
  void readme_quotesTheShortestNotifier() throws IOException {
    String code =
        Files.readString(Path.of("src/test/java/io/sightline/alerter/ShortestNotifier.java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains(code.substring(code.indexOf("public final class")).strip());
  }
}
