package io.sightline.alerter.webhook;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.alerter.Receiver;
import io.sightline.records.Alert;
import io.sightline.records.Box;
import io.sightline.records.PluginSpec;
import io.sightline.records.plugin.Notifier;
import io.sightline.records.plugin.NotifyException;
import io.vertx.core.Vertx;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {

  private static final Alert ALERT =
      new Alert(
          "lobby.door.1763700000000000",
          "door",
          "lobby",
          "live",
          "person",
          87.5,
          Alert.State.RAISED,
          1_763_700_000_000_000L,
          1_763_700_000_000_000L,
          new Box(0.1, 0.2, 0.3, 0.4),
          List.of("entrance"),
          "frames/lobby/x.jpg",
          null,
          1_763_700_000_123_456L,
          1);

  private Vertx vertx;
  private Receiver receiver;
  private Notifier webhook;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    receiver = Receiver.start(vertx);
  }

  @AfterEach
  void close() throws Exception {
    if (webhook != null) {
      webhook.close();
    }
    vertx.close().await(30, SECONDS);
  }

  @Test
  void send_alert_postsACloudEvent() throws Exception {
    webhook(Map.of());
    webhook.send(ALERT).toCompletableFuture().get(30, SECONDS);

    Receiver.Seen seen = receiver.taken().get(0);
    assertThat(seen.contentType()).startsWith("application/cloudevents+json");
    assertThat(seen.event().getString("specversion")).isEqualTo("1.0");
    assertThat(seen.event().getString("id")).isEqualTo("lobby.door.1763700000000000.raised");
    assertThat(seen.event().getString("type")).isEqualTo("io.sightline.alert.raised");
    assertThat(seen.event().getString("source")).isEqualTo("/streams/lobby");
    assertThat(seen.event().getString("subject")).isEqualTo(ALERT.id());
    assertThat(seen.event().getString("time")).startsWith("2025-11-21T04:40:00");
    assertThat(seen.event().getJsonObject("data").getString("label")).isEqualTo("person");
    assertThat(seen.event().getJsonObject("data").getDouble("confidence")).isEqualTo(87.5);
    assertThat(seen.signature()).isNull();
  }

  @Test
  void send_twice_postsTheSameBytes() throws Exception {
    webhook(Map.of());
    webhook.send(ALERT).toCompletableFuture().get(30, SECONDS);
    webhook.send(ALERT).toCompletableFuture().get(30, SECONDS);

    assertThat(receiver.taken().get(1).body()).isEqualTo(receiver.taken().get(0).body());
  }

  @Test
  void send_withSecret_signsTheBody() throws Exception {
    webhook(Map.of("secret", "only we know"));
    webhook.send(ALERT).toCompletableFuture().get(30, SECONDS);

    Receiver.Seen seen = receiver.taken().get(0);
    assertThat(seen.signature())
        .isEqualTo(new Signature("only we know").of(seen.body().getBytes("UTF-8")))
        .matches("sha256=[0-9a-f]{64}");
  }

  @Test
  void signature_ofKnownText_isHmacSha256() throws Exception {
    // RFC 4231, test case 2.
    assertThat(new Signature("Jefe").of("what do ya want for nothing?".getBytes("UTF-8")))
        .isEqualTo("sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @ParameterizedTest
  @CsvSource({
    "500, true",
    "503, true",
    "408, true",
    "425, true",
    "429, true",
    "400, false",
    "401, false",
    "404, false",
    "410, false",
    "302, false"
  })
  void send_refused_saysWhetherToRetry(int status, boolean worthRetrying) {
    webhook(Map.of());
    receiver.thenStatus(status);

    NotifyException failure = failure();
    assertThat(failure.worthRetrying()).isEqualTo(worthRetrying);
    assertThat(failure).hasMessageContaining(Integer.toString(status));
  }

  @Test
  void send_redirected_isNotFollowed() throws Exception {
    Receiver elsewhere = Receiver.start(vertx);
    webhook(Map.of());
    receiver.then(
        request ->
            request.response().setStatusCode(307).putHeader("Location", elsewhere.url()).end());

    assertThat(failure().worthRetrying()).isFalse();
    assertThat(elsewhere.seen()).isEmpty();
  }

  @Test
  void send_busyWithRetryAfter_passesItOn() {
    webhook(Map.of());
    receiver.thenBusy("7");

    assertThat(failure().notBefore()).contains(Duration.ofSeconds(7));
  }

  @Test
  void send_hangingReceiver_timesOut() {
    webhook(Map.of("timeout", "300ms"));
    receiver.thenHang();

    assertThat(failure().worthRetrying()).isTrue();
  }

  @Test
  void send_answerThatNeverEnds_timesOut() {
    webhook(Map.of("timeout", "500ms"));
    receiver.then(
        request -> {
          request.response().setChunked(true).setStatusCode(200).write("a");
          vertx.setPeriodic(
              50, tick -> request.response().write("a").onFailure(gone -> vertx.cancelTimer(tick)));
        });

    assertThat(failure().worthRetrying()).isTrue();
  }

  @Test
  void send_connectionReset_isWorthRetrying() {
    webhook(Map.of());
    receiver.thenReset();

    assertThat(failure().worthRetrying()).isTrue();
  }

  @Test
  void send_nobodyListening_isWorthRetryingAndKeepsTheUrlToItself() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    webhook = open(Map.of("url", "http://127.0.0.1:" + port + "/hook?token=secret-in-url"));

    NotifyException failure = failure();
    assertThat(failure.worthRetrying()).isTrue();
    assertThat(failure.getMessage()).contains("127.0.0.1:" + port).doesNotContain("secret-in-url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/x",
        "example.org",
        "/hook",
        "http://",
        "http:///hook",
        "http://a b/",
        "file:///etc/passwd",
        "http://me:pass@example.org/",
        "http://example.org:99999/"
      })
  void open_wrongUrl_isRefused(String url) {
    assertThatThrownBy(() -> open(Map.of("url", url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'url'");
  }

  @Test
  void open_wrongSettings_areNamed() {
    assertThatThrownBy(() -> open(Map.of())).hasMessageContaining("'url'");
    assertThatThrownBy(() -> open(Map.of("url", "http://x.org", "timeout", "1h")))
        .hasMessageContaining("'timeout'");
    assertThatThrownBy(() -> open(Map.of("url", "http://x.org", "sekret", "x")))
        .hasMessageContaining("'sekret'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0                             |                               | 0
          120                           |                               | 120
          999999999                     |                               | 86400
          Sun, 06 Nov 1994 08:50:37 GMT | Sun, 06 Nov 1994 08:49:37 GMT | 60
          Sun, 06 Nov 1994 08:49:37 GMT | Sun, 06 Nov 1994 08:50:37 GMT | 0
          -5                            |                               | -1
          soon                          |                               | -1
          99999999999999999999          |                               | -1
          """)
  void retryAfter_ofHeader_isUnderstoodOrIgnored(String value, String date, long seconds) {
    assertThat(RetryAfter.parse(value, date).map(Duration::toSeconds).orElse(-1L))
        .isEqualTo(seconds);
  }

  private void webhook(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("url", receiver.url());
    webhook = open(all);
  }

  private static Notifier open(Map<String, Object> settings) {
    return new WebhookPlugin().open(new PluginSpec("webhook", settings).settings());
  }

  private NotifyException failure() {
    try {
      webhook.send(ALERT).toCompletableFuture().get(30, SECONDS);
    } catch (ExecutionException e) {
      return (NotifyException) e.getCause();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("It was taken");
  }
}
