package io.sightline.launcher.config;

import io.sightline.ingestgateway.medialive.MediaLiveSettings;
import io.sightline.records.Ids;
import io.sightline.records.Keep;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamSpec;
import io.sightline.records.WatchRule;
import io.sightline.replay.publish.PublishPlace;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All of {@code sightline.yaml}, every key optional. What a key means, its unit and its default
 * stand in {@code sightline.example.yaml}.
 *
 * @param data where the embedded broker, records and objects live
 * @param status of processes without the gateway; null for no such door
 * @param timeZone for people, schedules and time-of-day timecode; nothing is stored by it
 * @param recordings how long recordings are kept where a stream says nothing
 * @param clips how segments become clips
 * @param publish where replays are copied to when that is asked for; null for nowhere
 * @param transitions files that replays may show between their items
 */
public record Configuration(
    Path data,
    TimeZoneName timeZone,
    HttpSection http,
    StatusSection status,
    KafkaSection kafka,
    StorageSection storage,
    CaptureSection capture,
    AnalyzerSection analyzer,
    Keep recordings,
    ClipsSection clips,
    PublishPlace publish,
    TransitionsSection transitions,
    Map<String, TokenSection> access,
    Map<String, StreamSection> streams,
    Map<String, MediaLiveSection> medialive,
    Map<String, ProfileSection> profiles,
    Map<String, WatchSection> alerts,
    Map<String, PluginSpec> channels) {

  public Configuration {
    data = data == null ? Path.of("data") : data;
    timeZone = timeZone == null ? new TimeZoneName(ZoneId.systemDefault()) : timeZone;
    http = http == null ? new HttpSection(null, null, null) : http;
    kafka = kafka == null ? new KafkaSection(null, null, null) : kafka;
    storage = storage == null ? StorageSection.inDataFolder() : storage;
    capture =
        capture == null
            ? new CaptureSection(null, null, null, null, null, null, null, null, null)
            : capture;
    analyzer = analyzer == null ? new AnalyzerSection(null, null) : analyzer;
    recordings = recordings == null ? Keep.DEFAULT : recordings.over(Keep.DEFAULT);
    clips = clips == null ? new ClipsSection(null, null, null, null, null) : clips;
    transitions = transitions == null ? new TransitionsSection(null, null) : transitions;
    access = ordered(access);
    streams = ordered(streams);
    medialive = ordered(medialive);
    profiles = ordered(profiles);
    alerts = ordered(alerts);
    channels = ordered(channels);
    streams.keySet().forEach(name -> Ids.requireName("stream", name));
    medialive.keySet().forEach(name -> Ids.requireName("medialive", name));
    alerts.keySet().forEach(name -> Ids.requireName("alert", name));
    channels.keySet().forEach(name -> Ids.requireName("channel", name));
    access.keySet().forEach(name -> Ids.requireName("access", name));
  }

  /** What holds when no file is given. */
  public static Configuration defaults() {
    return new Configuration(
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null);
  }

  /** The same with another data folder. */
  public Configuration withData(Path folder) {
    return new Configuration(
        folder,
        timeZone,
        http,
        status,
        kafka,
        storage,
        capture,
        analyzer,
        recordings,
        clips,
        publish,
        transitions,
        access,
        streams,
        medialive,
        profiles,
        alerts,
        channels);
  }

  /** The same with another HTTP door. */
  public Configuration withHttp(HttpSection other) {
    return new Configuration(
        data,
        timeZone,
        other,
        status,
        kafka,
        storage,
        capture,
        analyzer,
        recordings,
        clips,
        publish,
        transitions,
        access,
        streams,
        medialive,
        profiles,
        alerts,
        channels);
  }

  /** The same with objects and records elsewhere. */
  public Configuration withStorage(StorageSection other) {
    return new Configuration(
        data,
        timeZone,
        http,
        status,
        kafka,
        other,
        capture,
        analyzer,
        recordings,
        clips,
        publish,
        transitions,
        access,
        streams,
        medialive,
        profiles,
        alerts,
        channels);
  }

  /** The same with another Kafka. */
  public Configuration withKafka(KafkaSection other) {
    return new Configuration(
        data,
        timeZone,
        http,
        status,
        other,
        storage,
        capture,
        analyzer,
        recordings,
        clips,
        publish,
        transitions,
        access,
        streams,
        medialive,
        profiles,
        alerts,
        channels);
  }

  /** The same with a capture agent that works beside the gateway of its process. */
  public Configuration withCaptureAtHome() {
    return new Configuration(
        data,
        timeZone,
        http,
        status,
        kafka,
        storage,
        capture.atHome(),
        analyzer,
        recordings,
        clips,
        publish,
        transitions,
        access,
        streams,
        medialive,
        profiles,
        alerts,
        channels);
  }

  /** The declared streams, by name. */
  public List<StreamSpec> streamSpecs() {
    return streams.entrySet().stream()
        .map(entry -> entry.getValue().named(entry.getKey()))
        .toList();
  }

  /** What finds further streams. */
  public List<MediaLiveSettings> mediaLiveSettings() {
    return medialive.entrySet().stream()
        .map(entry -> entry.getValue().named(entry.getKey()))
        .toList();
  }

  /** The declared profiles and the built-in {@code default}, by name. */
  public Map<String, Profile> profilesByName() {
    Map<String, Profile> named = new LinkedHashMap<>();
    named.put(DefaultProfile.NAME, DefaultProfile.motion());
    profiles.forEach((name, settings) -> named.put(name, settings.named(name)));
    return named;
  }

  /** The declared watch rules. */
  public List<WatchRule> watchRules() {
    return alerts.entrySet().stream().map(entry -> entry.getValue().named(entry.getKey())).toList();
  }

  static <T> Map<String, T> ordered(Map<String, T> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
