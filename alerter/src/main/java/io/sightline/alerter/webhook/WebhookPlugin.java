package io.sightline.alerter.webhook;

import io.sightline.records.Settings;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifierPlugin;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code webhook}: posts an alert as a CloudEvent. Settings: {@code url} (http or https), {@code
 * secret} (signs the body; none by default), {@code timeout} (of one attempt, 10s by default).
 */
public final class WebhookPlugin implements NotifierPlugin {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(14);

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public Notifier open(Settings settings) {
    URI url = url(settings);
    String secret = settings.text("secret", null);
    Duration timeout = settings.duration("timeout", DEFAULT_TIMEOUT);
    if (timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw settings.wrong("timeout", "must lie between 1ms and 14s");
    }
    settings.complete();
    return new Webhook(url, secret == null ? null : new Signature(secret), timeout);
  }

  private static URI url(Settings settings) {
    String text = settings.text("url", null);
    if (text == null) {
      throw settings.wrong("url", "is needed: where alerts are posted to");
    }
    // The URL may hold a secret, so the messages below do not repeat it.
    try {
      URI url = new URI(text);
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw settings.wrong("url", "must begin with http:// or https://");
      }
      if (url.getHost() == null || url.getHost().isEmpty() || url.getPort() > 65_535) {
        throw settings.wrong("url", "names no host that can be reached");
      }
      if (url.getUserInfo() != null) {
        throw settings.wrong("url", "must not hold a user and password; use 'secret'");
      }
      return url;
    } catch (URISyntaxException e) {
      throw settings.wrong("url", "is no URL: " + e.getReason());
    }
  }
}
