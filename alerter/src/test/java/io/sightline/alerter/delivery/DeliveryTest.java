package io.sightline.alerter.delivery;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.alerter.Receiver;
import io.sightline.alerter.delivery.Message.Status;
import io.sightline.alerter.webhook.WebhookPlugin;
import io.sightline.records.Alert;
import io.sightline.records.PluginSpec;
import io.sightline.records.StoreKeys;
import io.sightline.records.plugin.Notifier;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real store, over real HTTP, to a receiver that misbehaves. */
class DeliveryTest {

  private static final DeliveryConfig QUICK =
      new DeliveryConfig(
          Duration.ofSeconds(1),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofHours(1),
          50,
          4,
          1000);

  @TempDir Path folder;
  private Vertx vertx;
  private RecordStore store;
  private Receiver receiver;
  private Notifier webhook;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    store = SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, SECONDS);
    receiver = Receiver.start(vertx);
    webhook =
        new WebhookPlugin()
            .open(
                new PluginSpec("webhook", Map.of("url", receiver.url(), "timeout", "400ms"))
                    .settings());
  }

  @AfterEach
  void close() throws Exception {
    webhook.close();
    vertx.close().await(30, SECONDS);
  }

  @Test
  void tell_receiverThatMisbehaves_arrivesOnceInTheEnd() throws Exception {
    receiver.thenStatus(500).thenReset().thenHang().thenBusy("0").thenStatus(503);
    Delivery delivery = delivery(QUICK, webhook);
    PartitionDelivery partition = delivery.open(0);
    tell(delivery, partition, alert(1, Alert.State.RAISED));
    awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);

    assertThat(receiver.seen()).hasSize(6);
    assertThat(receiver.taken()).hasSize(1);
    assertThat(delivery.counts().retried()).isEqualTo(5);
    awaitNothingPending();
    awaitSent(delivery, 1);
  }

  @Test
  void tell_refusedForGood_isGivenUpAtOnce() throws Exception {
    receiver.thenStatus(400);
    Delivery delivery = delivery(QUICK, webhook);
    tell(delivery, delivery.open(0), alert(1, Alert.State.RAISED));
    Message message = awaitStatus(alert(1, Alert.State.RAISED), Status.FAILED);

    assertThat(message.error()).contains("400");
    assertThat(receiver.seen()).hasSize(1);
    awaitNothingPending();
  }

  @Test
  void tell_busyReceiver_isLeftAloneForAsLongAsItAsks() throws Exception {
    DeliveryConfig patient =
        new DeliveryConfig(
            Duration.ofSeconds(1),
            Duration.ofMillis(20),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            50,
            4,
            1000);
    receiver.thenBusy("300");
    Delivery delivery = delivery(patient, webhook);
    tell(delivery, delivery.open(0), alert(1, Alert.State.RAISED));
    Message message = await(alert(1, Alert.State.RAISED), held -> held.notBeforeMicros() > 0);

    assertThat(message.notBeforeMicros() - message.createdMicros())
        .isGreaterThanOrEqualTo(300_000_000L);
    assertThat(receiver.seen()).hasSize(1);
  }

  @Test
  void tell_again_isNotSentAgain() throws Exception {
    Delivery delivery = delivery(QUICK, webhook);
    PartitionDelivery partition = delivery.open(0);
    tell(delivery, partition, alert(1, Alert.State.RAISED));
    awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);
    tell(delivery, partition, alert(1, Alert.State.RAISED));
    tell(delivery, partition, alert(1, Alert.State.CLEARED));
    awaitStatus(alert(1, Alert.State.CLEARED), Status.SENT);

    assertThat(receiver.seen())
        .extracting(seen -> seen.event().getString("type"))
        .containsExactly("io.sightline.alert.raised", "io.sightline.alert.cleared");
  }

  @Test
  void tell_clearedWhileRaisedIsRetried_keepsTheOrder() throws Exception {
    receiver.thenStatus(500).thenStatus(500).thenStatus(500);
    Delivery delivery = delivery(QUICK, webhook);
    PartitionDelivery partition = delivery.open(0);
    tell(delivery, partition, alert(1, Alert.State.RAISED));
    tell(delivery, partition, alert(1, Alert.State.CLEARED));
    awaitStatus(alert(1, Alert.State.CLEARED), Status.SENT);

    assertThat(receiver.taken())
        .extracting(seen -> seen.event().getString("type"))
        .containsExactly("io.sightline.alert.raised", "io.sightline.alert.cleared");
  }

  @Test
  void open_afterAKill_sendsWhatWasPendingAndNothingElse() throws Exception {
    Delivery first = delivery(QUICK, webhook);
    PartitionDelivery killed = first.open(3);
    tell(first, killed, alert(1, Alert.State.RAISED));
    awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);
    // Written down, and then the process is no more.
    new SentLedger(store, Clock.systemUTC())
        .note(3, Message.of(alert(2, Alert.State.RAISED), "hook", now()))
        .await(30, SECONDS);
    delivery(QUICK, webhook).open(3);
    awaitStatus(alert(2, Alert.State.RAISED), Status.SENT);

    assertThat(receiver.taken())
        .extracting(seen -> seen.event().getString("subject"))
        .containsExactly(alert(1, Alert.State.RAISED).id(), alert(2, Alert.State.RAISED).id());
    awaitNothingPending();
  }

  @Test
  void open_whileTheFormerOwnerIsStillTrying_doesNotSendTwice() throws Exception {
    CompletableFuture<Void> slow = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Notifier held =
        alert -> {
          begun.complete(null);
          return slow.thenCompose(go -> webhook.send(alert));
        };
    Delivery former = delivery(QUICK, held);
    PartitionDelivery leaving = former.open(0);
    tell(former, leaving, alert(1, Alert.State.RAISED));
    begun.get(30, SECONDS);
    Future<Void> left = leaving.close();
    Delivery next = delivery(QUICK, webhook);
    next.open(0);
    // The new owner takes the partition, finds the claim, and leaves the message alone.
    tell(next, next.open(0), alert(2, Alert.State.RAISED));
    awaitStatus(alert(2, Alert.State.RAISED), Status.SENT);
    assertThat(receiver.taken()).hasSize(1);
    slow.complete(null);
    left.await(30, SECONDS);
    awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);
    awaitNothingPending();

    assertThat(receiver.taken()).hasSize(2);
  }

  @Test
  void open_afterAKillInMidAttempt_triesAgainWhenTheClaimIsOver() throws Exception {
    SentLedger ledger = new SentLedger(store, Clock.systemUTC());
    SentLedger.Held held =
        ledger
            .note(0, Message.of(alert(1, Alert.State.RAISED), "hook", now()))
            .await(30, SECONDS)
            .orElseThrow();
    ledger
        .change(held, held.message().claimed("somebody killed", now() + 500_000))
        .await(30, SECONDS);
    delivery(QUICK, webhook).open(0);
    Message message = awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);

    assertThat(message.attempts()).isEqualTo(2);
    assertThat(receiver.taken()).hasSize(1);
  }

  @Test
  void tell_tooManyAttempts_isGivenUp() throws Exception {
    DeliveryConfig few =
        new DeliveryConfig(
            Duration.ofSeconds(1),
            Duration.ofMillis(5),
            Duration.ofMillis(5),
            Duration.ofHours(1),
            3,
            1,
            10);
    receiver.thenStatus(500).thenStatus(500).thenStatus(500).thenStatus(500);
    Delivery delivery = delivery(few, webhook);
    tell(delivery, delivery.open(0), alert(1, Alert.State.RAISED));
    Message message = awaitStatus(alert(1, Alert.State.RAISED), Status.FAILED);

    assertThat(message.error()).contains("3 attempts").contains("500");
    assertThat(receiver.seen()).hasSize(3);
  }

  @Test
  void tell_channelThatIsGone_isGivenUp() throws Exception {
    Delivery delivery =
        new Delivery(vertx, vertx.getOrCreateContext(), store, Map.of(), QUICK, Clock.systemUTC());
    tell(delivery, delivery.open(0), alert(1, Alert.State.RAISED));

    assertThat(awaitStatus(alert(1, Alert.State.RAISED), Status.FAILED).error())
        .contains("no channel 'hook'");
  }

  @Test
  void tell_notifierThatThrows_isRetried() throws Exception {
    Notifier moody =
        new Notifier() {
          private int calls;

          @Override
          public CompletionStage<Void> send(Alert alert) {
            if (calls++ == 0) {
              throw new IllegalStateException("thrown on purpose");
            }
            return webhook.send(alert);
          }
        };
    Delivery delivery = delivery(QUICK, moody);
    tell(delivery, delivery.open(0), alert(1, Alert.State.RAISED));
    awaitStatus(alert(1, Alert.State.RAISED), Status.SENT);

    assertThat(receiver.taken()).hasSize(1);
  }

  @Test
  void tell_moreThanFitInMemory_allArrive() throws Exception {
    DeliveryConfig small =
        new DeliveryConfig(
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofHours(1),
            50,
            2,
            3);
    Delivery delivery = delivery(small, webhook);
    PartitionDelivery partition = delivery.open(0);
    for (int i = 0; i < 20; i++) {
      tell(delivery, partition, alert(i, Alert.State.RAISED));
    }
    for (int i = 0; i < 20; i++) {
      awaitStatus(alert(i, Alert.State.RAISED), Status.SENT);
    }

    assertThat(receiver.taken()).hasSize(20);
    awaitNothingPending();
  }

  private Delivery delivery(DeliveryConfig config, Notifier notifier) {
    return new Delivery(
        vertx,
        vertx.getOrCreateContext(),
        store,
        Map.of("hook", notifier),
        config,
        Clock.systemUTC());
  }

  private static void tell(Delivery delivery, PartitionDelivery partition, Alert alert)
      throws Exception {
    delivery.tell(partition, alert, "hook").await(30, SECONDS);
  }

  private Message awaitStatus(Alert alert, Status status) throws Exception {
    return await(alert, message -> message.status() == status);
  }

  private Message await(Alert alert, Predicate<Message> condition) throws Exception {
    return look(Message.of(alert, "hook", 0).id(), condition).await(60, SECONDS);
  }

  private Future<Message> look(String id, Predicate<Message> condition) {
    return Records.of(store, Message.class)
        .find(StoreKeys.sent("lobby"), id)
        .compose(
            found ->
                found.filter(condition).isPresent()
                    ? Future.succeededFuture(found.get())
                    : vertx.timer(20).compose(again -> look(id, condition)));
  }

  /** A message is counted when it is off the list, which is after a reader can see it sent. */
  private void awaitSent(Delivery delivery, long count) throws Exception {
    countSent(delivery, count).await(60, SECONDS);
  }

  private Future<Void> countSent(Delivery delivery, long count) {
    return delivery.counts().sent() == count
        ? Future.succeededFuture()
        : vertx.timer(20).compose(again -> countSent(delivery, count));
  }

  private void awaitNothingPending() throws Exception {
    lookForNothing().await(60, SECONDS);
  }

  private Future<Void> lookForNothing() {
    List<Future<List<SentLedger.Pending>>> all =
        List.of(
            new SentLedger(store, Clock.systemUTC()).pending(0, 100),
            new SentLedger(store, Clock.systemUTC()).pending(3, 100));
    return Future.all(all)
        .compose(
            found ->
                all.stream().allMatch(each -> each.result().isEmpty())
                    ? Future.succeededFuture()
                    : vertx.timer(20).compose(again -> lookForNothing()));
  }

  private static long now() {
    return io.sightline.records.Positions.of(Clock.systemUTC().instant());
  }

  private static Alert alert(int number, Alert.State state) {
    long position = 1_763_700_000_000_000L + number;
    return new Alert(
        io.sightline.records.Ids.alert("lobby", "door", position),
        "door",
        "lobby",
        "live",
        "person",
        80,
        state,
        position,
        position,
        null,
        List.of(),
        null,
        null,
        position,
        1);
  }
}
