package io.sightline.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.Topic;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * All that lies on a topic, by what it is: an item of an epoch, or a record in one revision.
 *
 * @param records what is lasting of each, in order of first appearance
 * @param repeats how many records say what was said before
 * @param contradictions of two records that are the same by name and differ in what they say
 * @param disorder items that came for the first time after a later one of their lane
 */
record TopicContents(
    Map<String, String> records, int repeats, List<String> contradictions, List<String> disorder) {

  private static final Duration SILENCE = Duration.ofSeconds(5);

  static TopicContents read(String bootstrap, String topic) throws IOException {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    TopicContents contents =
        new TopicContents(new TreeMap<>(), 0, new ArrayList<>(), new ArrayList<>());
    int repeats = 0;
    Map<String, String> newest = new TreeMap<>();
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
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(SILENCE)) {
          repeats += contents.add(topic, each, newest) ? 0 : 1;
        }
      }
    }
    return new TopicContents(
        contents.records(), repeats, contents.contradictions(), contents.disorder());
  }

  private boolean add(
      String topic, ConsumerRecord<byte[], byte[]> record, Map<String, String> newest)
      throws IOException {
    Header frame = record.headers().lastHeader("frame");
    JsonNode json = Json.MAPPER.readTree(frame != null ? frame.value() : record.value());
    String what = Holdings.lasting(json);
    if (topic.endsWith(Topic.FRAMES.id())) {
      what += " " + Ids.digest(record.value());
    }
    Header lane = record.headers().lastHeader("lane");
    String name =
        lane != null
            ? new String(lane.value())
                + " "
                + json.get("epoch").asText()
                + " "
                + String.format("%08d", json.get("sequence").asLong())
            : json.path("id").asText() + " " + json.path("revision").asText();
    String before = records.putIfAbsent(name, what);
    if (before != null && !before.equals(what)) {
      contradictions.add(topic + " " + name + "\n  " + before + "\n  " + what);
    }
    if (lane != null && before == null) {
      String last = newest.put(new String(lane.value()), name);
      if (last != null && last.compareTo(name) > 0) {
        disorder.add(topic + " " + name + " after " + last);
      }
    }
    return before == null;
  }
}
