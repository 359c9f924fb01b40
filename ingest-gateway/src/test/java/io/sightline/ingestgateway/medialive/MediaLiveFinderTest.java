package io.sightline.ingestgateway.medialive;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.ingestgateway.streams.FoundStreams;
import io.sightline.media.testing.MediaLiveServer;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.scaladsl.Http;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Finders on a real store, through the SDK's clients, against local MediaLive and SQS. */
@Timeout(120)
class MediaLiveFinderTest {

  private static final String NAME = "medialive.news";
  private static final Duration SELDOM = Duration.ofHours(1);
  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));

  private static SQSRestServer queues;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final MediaLiveServer server = new MediaLiveServer("eu-west-1");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private RecordStore store;
  private SqsClient sqs;
  private String queue;

  @BeforeAll
  static void startQueues() {
    queues = SQSRestServerBuilder.withDynamicPort().withInterface("127.0.0.1").start();
  }

  /** Asks the server to stop and does not wait: it may hold a long poll given up for a minute. */
  @AfterAll
  static void stopQueues() {
    queues.stopAndGetFuture().apply();
  }

  @BeforeEach
  void open() throws Exception {
    store = await(SqliteRecordStore.open(vertx, folder.resolve("records.db")));
  }

  @AfterEach
  void close() throws Exception {
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    await(store.close());
    await(vertx.close());
    if (sqs != null) {
      sqs.close();
    }
    server.close();
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void look_overManyPages_findsThePipelinesThatRun() throws Exception {
    server.pages(3);
    for (int i = 10; i < 30; i++) {
      server.channel("" + i, "Channel " + i, true, Map.of());
      if (i % 2 == 0) {
        server.start("" + i, "0", "1");
      }
    }
    server.channel("40", "Single", false, Map.of()).start("40", "0");
    server.channel("41", "Half", true, Map.of()).start("41", "1");

    deploy(settings(), OFTEN);

    until("all", () -> names().size() == 22);
    assertThat(names())
        .contains("medialive-eu-west-1-10-0", "medialive-eu-west-1-28-1")
        .contains("medialive-eu-west-1-40-0", "medialive-eu-west-1-41-1")
        .doesNotContain("medialive-eu-west-1-41-0", "medialive-eu-west-1-11-0");
  }

  @Test
  void look_missedEvents_areMadeUpFor() throws Exception {
    server.channel("11", "News", true, Map.of());
    server.channel("12", "Sport", true, Map.of()).start("12", "0", "1");
    deploy(settings(), OFTEN);
    until("first", () -> names().size() == 2);

    server.start("11", "0", "1");
    until("started", () -> names().size() == 4);
    server.stop("12");
    until("stopped", () -> names().size() == 2);
    server.delete("11");
    until("deleted", () -> names().isEmpty());
    server.start("12", "0");
    until("started again", () -> names().equals(Set.of("medialive-eu-west-1-12-0")));
  }

  @Test
  void look_nothingHasChanged_tellsAgentsNothing() throws Exception {
    server.channel("11", "News", true, Map.of()).start("11", "0", "1");
    deploy(settings(), OFTEN);
    // The revision follows the streams.
    until("found", () -> counted("looks") >= 1 && names().size() == 2);
    long version = await(store.get("stream-revisions", "current")).version();
    long looked = server.asked().size();
    until("looked again", () -> server.asked().size() > looked + 5);

    assertThat(await(store.get("stream-revisions", "current")).version()).isEqualTo(version);
  }

  @Test
  void look_rules_leaveChannelsOut_alsoAfterTheyChange() throws Exception {
    server.channel("11", "News", true, Map.of("monitor", "yes")).start("11", "0", "1");
    server.channel("12", "News test", true, Map.of("monitor", "yes")).start("12", "0", "1");
    server.channel("13", "Sport", true, Map.of()).start("13", "0", "1");
    String first = deploy(settings(List.of("tag:monitor=yes"), List.of("name:*test"), null), OFTEN);
    until("by rules", () -> names().size() == 2);
    assertThat(names()).allMatch(name -> name.startsWith("medialive-eu-west-1-11-"));
    await(vertx.undeploy(first));

    deploy(settings(List.of("id:13"), List.of(), null), OFTEN);

    until("by others", () -> names().size() == 2 && names().iterator().next().contains("-13-"));
  }

  @Test
  void look_partOfTheListFails_takesNothingAway() throws Exception {
    server.pages(1);
    server.channel("11", "News", false, Map.of()).start("11", "0");
    server.channel("12", "Sport", false, Map.of()).start("12", "0");
    deploy(settings(), OFTEN);
    until("found", () -> names().size() == 2);

    // Longer than the SDK tries by itself.
    server.refuse(one -> one.contains("nextToken"), 500, "InternalServerErrorException", 4);
    server.refuse(one -> one.contains("nextToken"), 403, "ForbiddenException", 5);
    server.stop("12");
    until("failed", () -> counted("failures") >= 3);
    assertThat(names()).contains("medialive-eu-west-1-11-0");

    until("works again", () -> names().equals(Set.of("medialive-eu-west-1-11-0")));
  }

  @Test
  void look_throttled_comesThrough() throws Exception {
    server.channel("11", "News", false, Map.of()).start("11", "0");
    server.refuse(one -> true, 429, "TooManyRequestsException", 2);

    deploy(settings(), OFTEN);

    until("found", () -> names().size() == 1);
  }

  @Test
  void event_stateChanges_areFollowedWithoutALook() throws Exception {
    startQueue();
    server.channel("11", "News", true, Map.of());
    server.channel("12", "Sport", true, Map.of()).start("12", "0");
    deploy(settings(List.of(), List.of("name:Sport"), queue), SELDOM);
    until("looked", () -> counted("looks") == 1);
    assertThat(names()).isEmpty();

    server.start("11", "0", "1");
    send(event("11", "RUNNING"));
    send("this is no event");
    send(event("12", "RUNNING"));
    send(event("99", "DELETED"));
    until("started", () -> names().size() == 2);
    server.stop("11");
    // An event that is late says what was; what is counts.
    send(event("11", "RUNNING"));
    until("stopped", () -> names().isEmpty());

    until("all taken", () -> waiting() == 0);
    assertThat(counted("looks")).isEqualTo(1);
    assertThat(counted("events.other")).isEqualTo(1);
  }

  @Test
  void event_thatCannotBeFollowedYet_comesAgain() throws Exception {
    startQueue();
    server.channel("11", "News", true, Map.of());
    deploy(settings(List.of(), List.of(), queue), SELDOM);
    until("looked", () -> counted("looks") == 1);
    server.start("11", "0");
    server.refuse(one -> one.endsWith("/11"), 403, "ForbiddenException", 1);

    send(event("11", "RUNNING"));

    until("failed", () -> counted("failures") == 1);
    until("followed", () -> names().size() == 1);
    until("taken", () -> waiting() == 0);
  }

  @Test
  void lease_twoGateways_oneLooks_theOtherTakesOverWhenItStops() throws Exception {
    server.channel("11", "News", false, Map.of()).start("11", "0");
    String first = deploy(settings(), OFTEN);
    until("found", () -> names().size() == 1);
    SimpleMeterRegistry others = new SimpleMeterRegistry();
    deploy(settings(), OFTEN, others);
    long looked = (long) counted("looks");
    until("the first goes on", () -> counted("looks") > looked + 5);
    assertThat(others.get("sightline.medialive.looks").counter().count()).isZero();

    await(vertx.undeploy(first));
    server.stop("11");

    until("taken over", () -> names().isEmpty());
    assertThat(others.get("sightline.medialive.looks").counter().count()).isPositive();
  }

  @Test
  void lease_holderThatWasHeldUp_writesNothingMore() throws Exception {
    FoundStreams found = new FoundStreams(store, NAME, Clock.systemUTC());
    List<FoundStreams.Found> news =
        Reconciliation.ofAll(
                Map.of(), List.of(new Channel("11", "News", "RUNNING", List.of("0"))), settings())
            .there();
    assertThat(await(found.change(1, news, List.of()))).isTrue();
    assertThat(await(found.change(2, List.of(), List.of("medialive-eu-west-1-11-0")))).isTrue();

    assertThat(await(found.change(1, news, List.of()))).isFalse();

    assertThat(names()).isEmpty();
    assertThat(await(found.change(3, news, List.of()))).isTrue();
    assertThat(names()).hasSize(1);
    // One who had nothing to write has been here as well.
    assertThat(await(found.change(4, List.of(), List.of()))).isTrue();
    assertThat(await(found.change(3, List.of(), List.of("medialive-eu-west-1-11-0")))).isFalse();
    assertThat(names()).hasSize(1);
  }

  private MediaLiveSettings settings() {
    return MediaLiveSettings.of("news", "eu-west-1");
  }

  private MediaLiveSettings settings(List<String> include, List<String> exclude, String queue) {
    return new MediaLiveSettings(
        "news", "eu-west-1", include, exclude, null, null, null, false, queue, null);
  }

  private String deploy(MediaLiveSettings settings, Duration look) throws Exception {
    return deploy(settings, look, registry);
  }

  private String deploy(MediaLiveSettings settings, Duration look, SimpleMeterRegistry meters)
      throws Exception {
    AwsAccess access =
        new AwsAccess(
            () ->
                MediaLiveClient.builder()
                    .region(Region.EU_WEST_1)
                    .endpointOverride(server.url())
                    .credentialsProvider(CREDENTIALS)
                    .httpClient(UrlConnectionHttpClient.create())
                    .build(),
            this::sqsClient);
    FinderTimes times = new FinderTimes(Duration.ofMillis(50), Duration.ofSeconds(30), OFTEN, look);
    return await(
        vertx.deployVerticle(
            new MediaLiveVerticle(
                NAME, settings, access, store, meters, times, Clock.systemUTC())));
  }

  private void startQueue() {
    sqs = sqsClient();
    queue =
        sqs.createQueue(
                request ->
                    request
                        .queueName("channels-" + UUID.randomUUID())
                        .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "1")))
            .queueUrl();
  }

  private SqsClient sqsClient() {
    Http.ServerBinding binding = queues.waitUntilStarted();
    return SqsClient.builder()
        .region(Region.EU_WEST_1)
        .endpointOverride(URI.create("http://127.0.0.1:" + binding.localAddress().getPort()))
        .credentialsProvider(CREDENTIALS)
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private void send(String message) {
    sqs.sendMessage(request -> request.queueUrl(queue).messageBody(message));
  }

  private String event(String channel, String state) {
    return "{\"source\":\"aws.medialive\",\"detail-type\":\"MediaLive Channel State Change\","
        + "\"resources\":[\""
        + server.arn(channel)
        + "\"],\"detail\":{\"channel_arn\":\""
        + server.arn(channel)
        + "\",\"state\":\""
        + state
        + "\"}}";
  }

  private int waiting() {
    Map<QueueAttributeName, String> counts =
        sqs.getQueueAttributes(
                request -> request.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
            .attributes();
    return Integer.parseInt(counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
        + Integer.parseInt(
            counts.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }

  private double counted(String what) {
    return new ArrayList<>(registry.find("sightline.medialive." + what).counters())
        .stream().mapToDouble(counter -> counter.count()).sum();
  }

  private Set<String> names() {
    try {
      return await(new FoundStreams(store, NAME, Clock.systemUTC()).all()).keySet();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Not in time: " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }
}
