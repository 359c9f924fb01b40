package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.testing.TestBroker;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Capture that writes to Kafka itself, as a process beside a real broker, without any gateway. */
@Timeout(300)
class KafkaSinkTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern STATUS = Pattern.compile("Status: (http://\\S+:\\d+)/health/ready");
  private static final long FRAME_MICROS = 200_000;

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private TestBroker broker;
  private Process agent;

  @BeforeEach
  void open() {
    broker = TestBroker.open();
  }

  @AfterEach
  void close() throws Exception {
    if (agent != null) {
      agent.destroyForcibly().waitFor();
    }
    broker.close();
  }

  @Test
  void file_liesInKafkaAsTheGatewayWritesIt_andItsRecordingsStayHere() throws Exception {
    Path video = TestVideo.plain().pictures(250).file();
    Path central = Files.createDirectories(folder.resolve("central"));
    Path edge = Files.createDirectories(folder.resolve("edge"));
    String streams = "streams: { film: { inputs: [{ url: 'file:" + video + "' }] } }\n";
    Path file = configure(central, "central-", streams);
    try (RunningServer up = RunningServer.start(file, central.resolve("data"))) {
      await(up.log(), "the gateway's", () -> ended("central-", "film"));
    }
    configure(edge, "edge-", "capture: { sink: kafka }\n" + streams);

    String status = start(edge);
    await(status, "the agent's own", () -> ended("edge-", "film"));

    assertThat(get(status + "/health/ready").body()).contains("\"bus\":\"up\"", "\"sink\":\"up\"");
    assertThat(get(status + "/metrics").body())
        .contains("sightline_capture_state{state=\"ended\",stream=\"film\"} 1.0")
        .contains("sightline_ingest_bytes_total");
    agent.destroy();
    agent.waitFor();
    for (String topic : List.of("frames", "chunks")) {
      TopicContents written = TopicContents.read(broker.bootstrap(), "edge-" + topic);
      assertThat(written.records()).isNotEmpty();
      assertThat(written.records())
          .isEqualTo(TopicContents.read(broker.bootstrap(), "central-" + topic).records());
      assertThat(written.disorder()).isEmpty();
      assertThat(written.repeats()).isZero();
    }
    try (Holdings there = new Holdings(central.resolve("data"), "film");
        Holdings here = new Holdings(edge.resolve("data"), "film")) {
      assertThat(here.objects("streams/film")).isNotEmpty();
      assertThat(here.objects("streams/film")).isEqualTo(there.objects("streams/film"));
    }
  }

  @Test
  void brokerAway_agentKilled_startedWithoutIt_nothingIsMissingOrInDisorder() throws Exception {
    Path video = TestVideo.plain().pictures(250).file();
    Path edge = Files.createDirectories(folder.resolve("edge"));
    configure(
        edge,
        "edge-",
        """
        capture: { sink: kafka }
        profiles: { five: { sample: 5/s, analyzers: [{ use: motion }] } }
        streams: { door: { profile: five, inputs: [{ url: "file:%s?loop" }] } }
        """
            .formatted(video));
    String first = start(edge);
    await(first, "frames in Kafka", () -> items("edge-frames").size() >= 12);

    broker.kill();
    double before = metric(first, "frame");
    await(first, "captured meanwhile", () -> metric(first, "frame") >= before + 12);
    agent.destroyForcibly().waitFor();

    String second = start(edge);
    await(second, "captured without a broker", () -> metric(second, "frame") >= 12);
    assertThat(get(second + "/health/ready").statusCode()).isEqualTo(503);
    assertThat(get(second + "/health/live").statusCode()).isEqualTo(200);

    broker.start();
    await(second, "the first epoch's end", () -> epochs().firstEntry().getValue().ended());
    await(
        second, "the second epoch's frames", () -> epochs().lastEntry().getValue().frames() >= 24);
    await(
        second,
        "it says that all is well",
        () -> get(second + "/health/ready").statusCode() == 200);
    agent.destroyForcibly().waitFor();

    assertThat(epochs().size()).isGreaterThanOrEqualTo(2);
    assertThat(epochs().firstEntry().getValue().frames()).isGreaterThanOrEqualTo(22);
    for (Epoch epoch : epochs().values()) {
      assertThat(epoch.positions())
          .isEqualTo(
              LongStream.range(0, epoch.frames())
                  .map(n -> epoch.startMicros() + n * FRAME_MICROS)
                  .boxed()
                  .toList());
    }
    for (String topic : List.of("edge-frames", "edge-chunks")) {
      TopicContents contents = TopicContents.read(broker.bootstrap(), topic);
      assertThat(contents.contradictions()).isEmpty();
      assertThat(contents.disorder()).isEmpty();
    }
  }

  /** What a reader has of an epoch, that drops the sequences it has seen. */
  private record Epoch(long startMicros, List<Long> positions, boolean ended) {
    int frames() {
      return positions.size();
    }
  }

  private TreeMap<String, Epoch> epochs() throws IOException {
    TreeMap<String, Epoch> epochs = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (JsonNode item : items("edge-frames")) {
      String epoch = item.path("epoch").asText();
      long position = item.path("positionMicros").asLong();
      if (!seen.add(epoch + " " + item.path("sequence").asLong())) {
        continue;
      }
      Epoch known = epochs.getOrDefault(epoch, new Epoch(position, new ArrayList<>(), false));
      boolean end = item.path("kind").asText().equals("epoch-end");
      if (item.path("type").asText().equals("frame")) {
        known.positions().add(position);
      }
      epochs.put(epoch, new Epoch(known.startMicros(), known.positions(), known.ended() || end));
    }
    return epochs;
  }

  private boolean ended(String prefix, String stream) throws IOException {
    Predicate<JsonNode> end =
        item ->
            item.path("stream").asText().equals(stream)
                && item.path("kind").asText().equals("epoch-end");
    return items(prefix + "frames").stream().anyMatch(end)
        && items(prefix + "chunks").stream().anyMatch(end);
  }

  /** All items on a topic as it is now, as JSON, in the order of each partition. */
  private List<JsonNode> items(String topic) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(5))) {
          var frame = record.headers().lastHeader("frame");
          items.add(Json.MAPPER.readTree(frame == null ? record.value() : frame.value()));
        }
      }
    }
    return items;
  }

  private Path configure(Path home, String prefix, String rest) throws IOException {
    return Files.writeString(
        home.resolve("sightline.yaml"),
        """
        status: { port: 0 }
        http: { port: 0 }
        kafka: { bootstrap: "%s", topicPrefix: %s, partitions: 2 }
        """
                .formatted(broker.bootstrap(), prefix)
            + rest);
  }

  /** Returns the address of its status door. */
  private String start(Path home) throws IOException {
    agent = Command.start(home, "capture");
    var lines = agent.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher said = STATUS.matcher(line);
      if (said.find()) {
        return said.group(1);
      }
    }
    throw new IOException("The agent ended: " + new String(agent.getErrorStream().readAllBytes()));
  }

  private double metric(String status, String type) throws IOException, InterruptedException {
    return get(status + "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("sightline_capture_items_total"))
        .filter(line -> line.contains("type=\"" + type + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A condition that is looked at over the network. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Looks again and again, unless the agent ends. */
  private void await(String where, String what, Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      boolean ended = agent != null && agent.waitFor(100, TimeUnit.MILLISECONDS);
      assertThat(ended).as("the agent has ended").isFalse();
      assertThat(System.nanoTime()).as(what + " " + where).isLessThan(end);
    }
  }
}
