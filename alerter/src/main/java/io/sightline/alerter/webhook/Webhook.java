package io.sightline.alerter.webhook;

import io.sightline.records.Alert;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifyException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Posts alerts to one URL. An answer of 2xx means that it was taken. Redirects are not followed: a
 * receiver that has moved is to be configured anew, and must not lead into somebody's network.
 */
final class Webhook implements Notifier {

  private static final String USER_AGENT = "sightline";

  /** Answers of 4xx that say to come back later; the others say that it will not be better then. */
  private static final Set<Integer> BUSY = Set.of(408, 425, 429);

  private final URI url;
  private final Signature signature;
  private final Duration timeout;

  // Guarded by this; made with the first alert, so that checking settings opens nothing.
  private WebClient client;
  private Vertx own;
  private boolean closed;

  /**
   * @param signature null to sign nothing
   */
  Webhook(URI url, Signature signature, Duration timeout) {
    this.url = url;
    this.signature = signature;
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<Void> send(Alert alert) {
    byte[] body = AlertEvent.of(alert);
    HttpRequest<Void> request =
        client()
            .postAbs(url.toString())
            .followRedirects(false)
            .timeout(timeout.toMillis())
            .putHeader(HttpHeaders.CONTENT_TYPE.toString(), AlertEvent.CONTENT_TYPE)
            .as(BodyCodec.none());
    if (signature != null) {
      request.putHeader(Signature.HEADER, signature.of(body));
    }
    return request
        .sendBuffer(Buffer.buffer(body))
        // The request's own timeout starts anew with each byte of the answer.
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .recover(e -> Future.failedFuture(unreachable(e)))
        .compose(Webhook::judged)
        .toCompletionStage();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.close();
      client = null;
    }
    if (own != null) {
      own.close();
      own = null;
    }
  }

  private static Future<Void> judged(HttpResponse<Void> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return Future.succeededFuture();
    }
    String message = "the webhook answered " + status + " " + response.statusMessage();
    boolean worthRetrying = status >= 500 || BUSY.contains(status);
    Optional<Duration> notBefore =
        worthRetrying
            ? RetryAfter.parse(response.getHeader("Retry-After"), response.getHeader("Date"))
            : Optional.empty();
    return Future.failedFuture(
        notBefore
            .map(pause -> new NotifyException(message, pause, null))
            .orElseGet(() -> new NotifyException(message, worthRetrying, null)));
  }

  private NotifyException unreachable(Throwable cause) {
    // Host and port only: the rest of the URL may be a secret.
    String where = url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    return new NotifyException(
        "the webhook at " + where + " did not answer: " + cause.getMessage(), true, cause);
  }

  private synchronized WebClient client() {
    if (closed) {
      throw new IllegalStateException("This webhook is closed");
    }
    if (client == null) {
      Context context = Vertx.currentContext();
      if (context == null) {
        own = Vertx.vertx();
      }
      client =
          WebClient.create(
              context == null ? own : context.owner(),
              new WebClientOptions()
                  .setUserAgent(USER_AGENT)
                  .setFollowRedirects(false)
                  .setConnectTimeout((int) timeout.toMillis())
                  .setKeepAliveTimeout(30));
    }
    return client;
  }
}
