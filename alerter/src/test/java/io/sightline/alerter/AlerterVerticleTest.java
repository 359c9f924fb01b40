package io.sightline.alerter;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.alerter.delivery.DeliveryConfig;
import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.Checkpoints;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.PluginSpec;
import io.sightline.records.Positions;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamItem;
import io.sightline.records.WatchRule;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker, a real store and a real receiver. */
class AlerterVerticleTest {

  @TempDir Path folder;
  private Vertx vertx;
  private BusConfig bus;
  private BusWriter writer;
  private RecordStore store;
  private Receiver receiver;
  private final Checkpoints checkpoints = new MemoryCheckpoints();
  private final List<Alert> published = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    bus = TestBroker.shared().config();
    Topics.ensure(vertx, bus).await(60, SECONDS);
    writer = BusWriter.open(vertx, bus).await(60, SECONDS);
    store = SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, SECONDS);
    receiver = Receiver.start(vertx);
    LiveReader.start(
            vertx, bus, Set.of(Topic.ALERTS), record -> published.add(record.as(Alert.class)))
        .ready()
        .await(60, SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    writer.close().await(30, SECONDS);
    vertx.close().await(60, SECONDS);
  }

  @Test
  void detections_ofVisits_raiseClearAndTell() throws Exception {
    AlerterVerticle verticle = verticle(store, writer, checkpoints);
    vertx.deployVerticle(verticle).await(30, SECONDS);
    write(Visits.epoch("lobby", "file", 0, "..xxx.....xx."));
    awaitEnd("lobby");
    until(() -> receiver.taken().size() == 4);

    List<Alert> alerts = alerts("lobby");
    assertThat(alerts)
        .extracting(Alert::state)
        .containsExactly(Alert.State.CLEARED, Alert.State.CLEARED);
    assertThat(alerts.get(0).id()).isEqualTo("lobby.door." + (Visits.START + 2 * Visits.SECOND));
    assertThat(alerts.get(0).lastSeenMicros()).isEqualTo(Visits.START + 4 * Visits.SECOND);
    assertThat(
            Records.of(store, Alert.class)
                .all(StoreKeys.alertsOfDay(Positions.day(Visits.START)), null, null)
                .await(30, SECONDS))
        .isEqualTo(alerts);
    until(() -> published.size() >= 4);
    assertThat(published).extracting(Alert::revision).containsExactly(1, 2, 1, 2);
    assertThat(events())
        .containsExactlyInAnyOrder(
            alerts.get(0).id() + ".raised",
            alerts.get(0).id() + ".cleared",
            alerts.get(1).id() + ".raised",
            alerts.get(1).id() + ".cleared");
    assertThat(verticle.counts().raised()).isEqualTo(2);
    until(() -> verticle.deliveries().sent() == 4);
  }

  @Test
  void detections_killedAgainAndAgain_doubleNothing() throws Exception {
    Random random = new Random(5);
    List<StreamItem> items = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      items.addAll(Visits.epoch("lobby", "file", epoch * 60L, "..xxx.....xx.x....xxx......x"));
    }
    for (int i = 0; i < items.size(); i++) {
      write(List.of(items.get(i)));
      if (random.nextInt(4) == 0) {
        write(List.of(items.get(Math.max(0, i - 2))));
      }
    }
    for (int round = 0; round < 6; round++) {
      CutOffStore doomed = new CutOffStore(store, writer, 1 + random.nextInt(40));
      String id = vertx.deployVerticle(verticle(doomed, doomed, mortal(doomed))).await(30, SECONDS);
      doomed.death().await(60, SECONDS);
      vertx.undeploy(id).await(60, SECONDS);
    }
    vertx.deployVerticle(verticle(store, writer, checkpoints)).await(30, SECONDS);
    awaitEnd("lobby", 120);

    List<Alert> alerts = alerts("lobby");
    assertThat(alerts).hasSize(12);
    assertThat(alerts).allMatch(alert -> alert.state() == Alert.State.CLEARED);
    assertThat(alerts).allMatch(alert -> alert.revision() == 2);
    until(() -> Set.copyOf(events()).size() == 24);
    // A kill between an answer and writing it down is the one case in which a message comes twice.
    assertThat(events()).hasSizeLessThanOrEqualTo(24 + 6);
  }

  @Test
  void clip_thatShowsTheAlert_isAttachedWhicheverComesFirst() throws Exception {
    Clip early = Visits.clip("lobby", "file", 2, 5, 1);
    Clip late = Visits.clip("lobby", "file", 10, 12, 1);
    Clip elsewhere = Visits.clip("lobby", "other", 10, 12, 7);
    Records.of(store, Clip.class)
        .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(early.id()), early, null)
        .await(30, SECONDS);
    vertx.deployVerticle(verticle(store, writer, checkpoints)).await(30, SECONDS);
    write(Visits.epoch("lobby", "file", 0, "..xxx.....xx."));
    awaitEnd("lobby");
    for (Clip clip : List.of(elsewhere, late, late, Visits.clip("lobby", "file", 10, 12, 2))) {
      writer.write(OutRecord.of(Topic.CLIPS, "lobby", clip)).await(30, SECONDS);
    }
    String revised = Visits.clip("lobby", "file", 10, 12, 2).id();
    until(() -> published.stream().anyMatch(alert -> revised.equals(alert.clip())));

    List<Alert> alerts = alerts("lobby");
    assertThat(alerts.get(0).clip()).isEqualTo(early.id());
    assertThat(alerts.get(1).clip()).isEqualTo(revised);
    assertThat(alerts.get(1).revision()).isEqualTo(4);
  }

  @Test
  void detections_withPoisonBetween_goOn() throws Exception {
    AlerterVerticle verticle = verticle(store, writer, checkpoints);
    vertx.deployVerticle(verticle).await(30, SECONDS);
    writer
        .write(
            new OutRecord(
                Topic.DETECTIONS, "lobby", "[]".getBytes(StandardCharsets.UTF_8), Map.of()))
        .await(30, SECONDS);
    writer
        .write(new OutRecord(Topic.CLIPS, "lobby", "{}".getBytes(StandardCharsets.UTF_8), Map.of()))
        .await(30, SECONDS);
    write(Visits.epoch("lobby", "file", 0, "..xxx"));
    awaitEnd("lobby");

    assertThat(alerts("lobby")).hasSize(1);
    until(() -> verticle.reads().setAside() == 2);
  }

  @Test
  void start_channelThatCannotWork_failsInWords() {
    AlerterVerticle wrong =
        new AlerterVerticle(
            AlerterConfig.of(List.of(), Map.of("hook", new PluginSpec("webhook"))),
            Notifiers.installed(),
            bus,
            store,
            writer,
            checkpoints,
            Clock.systemUTC());

    assertThat(vertx.deployVerticle(wrong).transform(done -> Future.succeededFuture(done.cause())))
        .satisfies(failure -> assertThat(failure.await(30, SECONDS)).hasMessageContaining("'url'"));
  }

  private AlerterVerticle verticle(RecordStore records, Writer topics, Checkpoints positions) {
    List<WatchRule> rules = List.of(Visits.rule("door", 3, "hook"));
    PluginSpec hook = new PluginSpec("webhook", Map.of("url", receiver.url(), "timeout", "1s"));
    AlerterConfig config =
        new AlerterConfig(
            stream -> rules,
            Map.of("hook", hook),
            new DeliveryConfig(
                Duration.ofSeconds(1),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofHours(1),
                50,
                4,
                1000),
            Duration.ofSeconds(1));
    return new AlerterVerticle(
        config,
        Notifiers.installed(),
        bus,
        AlerterVerticle.reading()
            .withCheckpoints(Duration.ofMillis(200), 20)
            .withRetries(Duration.ofMillis(20), Duration.ofMillis(100))
            // What was killed cannot store its last checkpoint, however long it is given.
            .withMembership(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1)),
        records,
        topics,
        positions,
        Clock.systemUTC());
  }

  /** A dead process stores no checkpoint. */
  private Checkpoints mortal(CutOffStore process) {
    return new Checkpoints() {
      @Override
      public Optional<Stored> load(String group, int partition) {
        return checkpoints.load(group, partition);
      }

      @Override
      public long save(String group, int partition, byte[] content, long version) {
        if (process.dead()) {
          throw new TransientException("This process was killed", null);
        }
        return checkpoints.save(group, partition, content, version);
      }
    };
  }

  private void write(List<StreamItem> items) throws Exception {
    for (StreamItem item : items) {
      writer.write(OutRecord.of(Topic.DETECTIONS, item)).await(30, SECONDS);
    }
  }

  private List<String> events() {
    return receiver.taken().stream().map(seen -> seen.event().getString("id")).toList();
  }

  private List<Alert> alerts(String stream) throws Exception {
    return Records.of(store, Alert.class)
        .all(StoreKeys.alerts(stream), null, null)
        .await(30, SECONDS);
  }

  private void awaitEnd(String stream) throws Exception {
    awaitEnd(stream, 0);
  }

  /** Of the epoch that began in that second. */
  private void awaitEnd(String stream, long second) throws Exception {
    String epoch = Ids.epoch(Visits.START + second * Visits.SECOND, "local");
    ask(() ->
            Records.of(store, StageProgress.class)
                .find(StoreKeys.progress(stream), "file.alerter")
                .map(
                    found ->
                        found
                            .filter(report -> report.ended() && report.epoch().equals(epoch))
                            .isPresent()))
        .await(60, SECONDS);
  }

  private interface Question {
    Future<Boolean> ask();
  }

  private interface Fact {
    boolean holds();
  }

  private void until(Fact fact) throws Exception {
    ask(() -> Future.succeededFuture(fact.holds())).await(60, SECONDS);
  }

  private Future<Void> ask(Question question) {
    return question
        .ask()
        .compose(
            yes ->
                yes ? Future.succeededFuture() : vertx.timer(50).compose(again -> ask(question)));
  }
}
