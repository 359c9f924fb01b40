package io.sightline.launcher.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sightline.bus.BusConfig;
import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipMaker;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.mediaconvert.MediaConvertMaker;
import io.sightline.clipper.mediaconvert.MediaConvertSettings;
import io.sightline.clipper.mediaconvert.PriceTable;
import io.sightline.clipper.mediaconvert.Quality;
import io.sightline.edgecapture.BatchService;
import io.sightline.edgecapture.SinkKinds;
import io.sightline.edgecapture.SpoolSettings;
import io.sightline.edgecapture.rtmp.RtmpSettings;
import io.sightline.ingestgateway.medialive.MediaLiveSettings;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.records.Ids;
import io.sightline.records.InputSpec;
import io.sightline.records.Keep;
import io.sightline.records.KeepFrames;
import io.sightline.records.PictureOptions;
import io.sightline.records.PluginSpec;
import io.sightline.records.Point;
import io.sightline.records.Profile;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Sampling;
import io.sightline.records.ScheduleTime;
import io.sightline.records.StreamSpec;
import io.sightline.records.Units;
import io.sightline.records.WatchRule;
import io.sightline.records.Zone;
import io.sightline.replay.publish.PublishPlace;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Zone24 timeZone,
    Http http,
    Status status,
    Kafka kafka,
    Storage storage,
    Capture capture,
    AnalyzerSettings analyzer,
    Keep recordings,
    Clips clips,
    PublishPlace publish,
    Transitions transitions,
    Map<String, Token> access,
    Map<String, Stream> streams,
    Map<String, MediaLive> medialive,
    Map<String, ProfileSettings> profiles,
    Map<String, Watch> alerts,
    Map<String, PluginSpec> channels) {

  public static final String EMBEDDED = "embedded";

  public Configuration {
    data = data == null ? Path.of("data") : data;
    timeZone = timeZone == null ? new Zone24(ZoneId.systemDefault()) : timeZone;
    http = http == null ? new Http(null, null, null) : http;
    kafka = kafka == null ? new Kafka(null, null, null) : kafka;
    storage = storage == null ? new Storage(null, null) : storage;
    capture =
        capture == null
            ? new Capture(null, null, null, null, null, null, null, null, null)
            : capture;
    analyzer = analyzer == null ? new AnalyzerSettings(null, null) : analyzer;
    recordings = recordings == null ? Keep.DEFAULT : recordings.over(Keep.DEFAULT);
    clips = clips == null ? new Clips(null, null, null, null, null) : clips;
    transitions = transitions == null ? new Transitions(null, null) : transitions;
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

  /** A time zone by its IANA name. */
  public record Zone24(ZoneId id) {

    @com.fasterxml.jackson.annotation.JsonCreator
    static Zone24 of(String name) {
      try {
        return new Zone24(ZoneId.of(name));
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "expected a time zone such as Europe/Zurich, found '" + name + "'", e);
      }
    }
  }

  /**
   * The one HTTP door.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @param allowedHosts further names under which browsers may reach it
   */
  public record Http(String host, Integer port, List<String> allowedHosts) {

    public Http {
      host = host == null ? "127.0.0.1" : host;
      port = port == null ? 8080 : port;
      allowedHosts = allowedHosts == null ? List.of() : List.copyOf(allowedHosts);
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
      }
    }
  }

  /**
   * Where a process without the gateway tells those who watch over it.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   */
  public record Status(String host, Integer port) {

    public Status {
      host = host == null ? "127.0.0.1" : host;
      port = port == null ? 0 : port;
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("expected a port from 0 to 65535, found " + port);
      }
    }
  }

  /**
   * Kafka.
   *
   * @param bootstrap {@code embedded}, or {@code host:port,host:port}
   */
  public record Kafka(String bootstrap, String topicPrefix, Integer partitions) {

    public Kafka {
      bootstrap = bootstrap == null ? EMBEDDED : bootstrap;
      topicPrefix = topicPrefix == null ? "" : topicPrefix;
      partitions = partitions == null ? BusConfig.DEFAULT_PARTITIONS : partitions;
      if (!bootstrap.equals(EMBEDDED)
          && !bootstrap.matches("[^:,\\s]+:\\d{1,5}(,[^:,\\s]+:\\d{1,5})*")) {
        throw new IllegalArgumentException(
            "expected 'embedded' or host:port, found '" + bootstrap + "'");
      }
      // The same bounds as where they are used, but here a line can be named.
      new BusConfig(bootstrap, topicPrefix, partitions, BusConfig.DEFAULT_MAX_WRITE_BYTES);
    }

    public boolean embedded() {
      return bootstrap.equals(EMBEDDED);
    }

    /**
     * How it is used.
     *
     * @param at where it is: host:port
     */
    public BusConfig bus(String at) {
      return new BusConfig(at, topicPrefix, partitions, BusConfig.DEFAULT_MAX_WRITE_BYTES);
    }
  }

  /**
   * Where bytes and facts are kept.
   *
   * @param objects {@code disk}
   * @param records {@code sqlite}
   */
  public record Storage(String objects, String records) {

    public Storage {
      objects = objects == null ? "disk" : objects;
      records = records == null ? "sqlite" : records;
      if (!objects.equals("disk")) {
        throw new IllegalArgumentException("expected 'disk' for objects, found '" + objects + "'");
      }
      if (!records.equals("sqlite")) {
        throw new IllegalArgumentException(
            "expected 'sqlite' for records, found '" + records + "'");
      }
    }
  }

  /**
   * The capture agent of this process.
   *
   * @param agent its name; it takes the streams that name it
   * @param gateway where it learns its streams and sends to; null for the gateway of this
   *     installation
   * @param token its access token; null for the one of this installation
   * @param sink where items go: {@code gateway}, {@code kafka}, or the URL of a service
   * @param chunk about how much media one chunk holds
   * @param rtmp where encoders publish to
   * @param spool what waits on disk while the sink is slow or away
   * @param isolation {@code none}, or {@code process} for workers that may crash alone
   * @param workers how many processes share the streams then
   */
  public record Capture(
      String agent,
      String gateway,
      String token,
      String sink,
      Duration chunk,
      RtmpSettings rtmp,
      Spool spool,
      String isolation,
      Integer workers) {

    private static final String NONE = "none";
    private static final String PROCESS = "process";
    private static final int DEFAULT_WORKERS = 2;
    private static final int MAX_WORKERS = 64;
    private static final String GATEWAY = "gateway";
    private static final String KAFKA = "kafka";

    public Capture {
      agent = agent == null ? "local" : Ids.requireName("agent", agent);
      sink = sink == null ? GATEWAY : sink;
      chunk = chunk == null ? Duration.ofSeconds(2) : chunk;
      rtmp = rtmp == null ? RtmpSettings.DEFAULTS : rtmp;
      spool = spool == null ? new Spool(null, null) : spool;
      isolation = isolation == null ? NONE : isolation;
      workers = workers == null ? DEFAULT_WORKERS : workers;
      if (!isolation.equals(NONE) && !isolation.equals(PROCESS)) {
        throw new IllegalArgumentException(
            "expected the isolation 'none' or 'process', found '" + isolation + "'");
      }
      if (workers < 1 || workers > MAX_WORKERS) {
        throw new IllegalArgumentException(
            "expected 1 to " + MAX_WORKERS + " workers, found " + workers);
      }
      if (chunk.toMillis() < 1_000 || chunk.toMillis() > 10_000) {
        throw new IllegalArgumentException("expected a chunk of 1s to 10s, found " + chunk);
      }
      checkSink(sink);
    }

    /** Whether sources are opened in processes of their own. */
    public boolean isolated() {
      return isolation.equals(PROCESS);
    }

    public boolean toGateway() {
      return sink.equals(GATEWAY);
    }

    public boolean toKafka() {
      return sink.equals(KAFKA);
    }

    /** Whether its streams are those of its own file; otherwise the gateway says them. */
    public boolean declaresStreams() {
      return toKafka() || (!toGateway() && gateway == null);
    }

    /** What it sends to that is neither a gateway nor Kafka; connects to nothing yet. */
    public BatchService service() {
      return SinkKinds.service(sink);
    }

    /** The same beside the gateway of this process. */
    Capture atHome() {
      return new Capture(agent, null, null, null, chunk, rtmp, spool, null, null);
    }

    private static void checkSink(String sink) {
      if (sink.equals(GATEWAY) || sink.equals(KAFKA)) {
        return;
      }
      if (!sink.contains(":")) {
        String examples = SinkKinds.examples();
        throw new IllegalArgumentException(
            "expected the sink 'gateway' or 'kafka'"
                + (examples.isEmpty() ? "" : ", or one such as " + examples)
                + ", found '"
                + sink
                + "'");
      }
      SinkKinds.service(sink);
    }

    @Override
    public String toString() {
      return "Capture[agent="
          + agent
          + ", gateway="
          + gateway
          + ", sink="
          + sink
          + ", chunk="
          + chunk
          + "]";
    }
  }

  /**
   * What waits on disk while the sink is slow or away, in the folder 'spool' of the data folder.
   *
   * @param size of one stream, such as {@code 2GB}
   * @param age how long it may wait
   */
  public record Spool(String size, Duration age) {

    public Spool {
      size = size == null ? "2GB" : size;
      age = age == null ? SpoolSettings.DEFAULT_AGE : age;
      in(Path.of("."), size, age);
    }

    public SpoolSettings in(Path data) {
      return in(data, size, age);
    }

    private static SpoolSettings in(Path data, String size, Duration age) {
      return new SpoolSettings(data.resolve("spool"), Units.sizeBytes(size), age);
    }
  }

  /**
   * The analyzers of this process.
   *
   * @param threads how many frames are analysed at once
   * @param models folder of models that profiles name without a path
   */
  public record AnalyzerSettings(Integer threads, Path models) {

    public AnalyzerSettings {
      threads = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
      models = models == null ? Path.of("models") : models;
      if (threads < 1 || threads > 256) {
        throw new IllegalArgumentException("expected 1 to 256 threads, found " + threads);
      }
    }
  }

  /**
   * Files that replays may show between their items, before the first or after the last.
   *
   * @param clips videos, by the name that requests use
   * @param pictures PNGs and JPEGs that items fade into, by the name that requests use
   */
  public record Transitions(Map<String, Path> clips, Map<String, Path> pictures) {

    public Transitions {
      clips = ordered(clips);
      pictures = ordered(pictures);
      clips.keySet().forEach(name -> Ids.requireName("clip", name));
      pictures.keySet().forEach(name -> Ids.requireName("picture", name));
    }
  }

  /**
   * How segments become clips.
   *
   * @param accuracy how near a clip comes to its marks
   * @param maker {@code local}, or {@code mediaconvert}
   * @param mediaconvert how MediaConvert makes them; null when it does not
   * @param renditions other sizes and shapes in which each is made, too
   * @param encoder FFmpeg's name of what encodes those
   */
  public record Clips(
      ClipAccuracy accuracy,
      String maker,
      MediaConvert mediaconvert,
      List<RenditionSpec> renditions,
      String encoder) {

    private static final String LOCAL = "local";
    private static final String MEDIACONVERT = "mediaconvert";

    public Clips {
      accuracy = accuracy == null ? ClipAccuracy.FRAME : accuracy;
      maker = maker == null ? LOCAL : maker;
      if (!maker.equals(LOCAL) && !maker.equals(MEDIACONVERT)) {
        throw new IllegalArgumentException(
            "expected the maker 'local' or 'mediaconvert', found '" + maker + "'");
      }
      renditions = renditions == null ? List.of() : List.copyOf(renditions);
      encoder = encoder == null ? VideoEncoder.OPENH264.id() : encoder;
      // Names are looked at here, where the line of the file is known.
      ClipperConfig.DEFAULT.with(renditions).with(VideoEncoder.of(encoder));
    }

    public ClipperConfig config() {
      return ClipperConfig.DEFAULT.with(accuracy).with(renditions).with(VideoEncoder.of(encoder));
    }

    /** Whether clips are cut in this process. */
    public boolean local() {
      return maker.equals(LOCAL);
    }

    /**
     * What makes clips, when they are not cut in this process.
     *
     * @throws IllegalArgumentException with a sentence, when it cannot be used as it is set
     */
    public ClipMaker.Opener opener(Storage storage) {
      if (mediaconvert == null) {
        throw new IllegalArgumentException(
            "expected a section 'mediaconvert' with a region and a role beside the maker");
      }
      return MediaConvertMaker.opener(mediaconvert.settings(storage), accuracy);
    }
  }

  /**
   * How MediaConvert makes clips.
   *
   * @param region where jobs run
   * @param endpoint of the account or of a private network; null for the region's
   * @param role ARN of what MediaConvert takes on to read and write the bucket
   * @param queue name or ARN; null for the default queue
   * @param quality of the encoder, which decides the price tier
   * @param maxBitrate of the pictures, in bits a second
   * @param hls whether HLS files are written beside the MP4
   * @param jobs how many clips are in the making at once
   * @param poll how often a job is asked about
   * @param events URL of the SQS queue that events of jobs arrive in; null when there is none
   * @param tags of jobs
   * @param metadata that jobs carry
   * @param prices by which a clip's cost is estimated
   */
  public record MediaConvert(
      String region,
      URI endpoint,
      String role,
      String queue,
      Quality quality,
      Integer maxBitrate,
      Boolean hls,
      Integer jobs,
      Duration poll,
      URI events,
      Map<String, String> tags,
      Map<String, String> metadata,
      PriceTable prices) {

    MediaConvertSettings settings(Storage storage) {
      return new MediaConvertSettings(
          region,
          endpoint,
          role,
          queue,
          storage.objects(),
          quality == null ? MediaConvertSettings.DEFAULT_QUALITY : quality,
          maxBitrate == null ? MediaConvertSettings.DEFAULT_MAX_BITRATE : maxBitrate,
          hls != null && hls,
          jobs == null ? MediaConvertSettings.DEFAULT_JOBS : jobs,
          poll == null ? usualPoll() : poll,
          events,
          tags,
          metadata,
          prices);
    }

    private Duration usualPoll() {
      return events == null
          ? MediaConvertSettings.DEFAULT_POLL
          : MediaConvertSettings.DEFAULT_POLL_BESIDE_EVENTS;
    }
  }

  /**
   * Somebody who may use the HTTP door.
   *
   * @param token what they show; never printed
   * @param scope {@code agent}, {@code viewer}, {@code operator} or {@code admin}
   * @param streams only these; empty for all
   */
  public record Token(String token, String scope, Set<String> streams) {

    public Token {
      streams = streams == null ? Set.of() : Set.copyOf(streams);
      if (token == null || token.length() < 16) {
        throw new IllegalArgumentException("a token has at least 16 characters");
      }
      if (scope == null || !Set.of("agent", "viewer", "operator", "admin").contains(scope)) {
        throw new IllegalArgumentException(
            "expected scope agent, viewer, operator or admin, found '" + scope + "'");
      }
    }

    @Override
    public String toString() {
      return "Token[scope=" + scope + ", streams=" + streams + "]";
    }
  }

  /** A stream as declared here; its name is the key. */
  public record Stream(
      List<InputSpec> inputs,
      String profile,
      String agent,
      @JsonProperty("record") Boolean recorded,
      Map<String, List<Point>> zones,
      PictureOptions pictures,
      List<ScheduleTime> schedule,
      Keep keep) {

    StreamSpec named(String name) {
      List<Zone> named = new ArrayList<>();
      if (zones != null) {
        zones.forEach((zone, corners) -> named.add(new Zone(zone, corners)));
      }
      return new StreamSpec(
          name, inputs, profile, agent, recorded, named, pictures, schedule, keep);
    }
  }

  /**
   * Channels of MediaLive that become streams; its name is the key.
   *
   * @param region of the channels
   * @param include which ones, such as {@code name:News *}; empty for all
   * @param exclude which ones not
   * @param every how often a thumbnail is asked for
   * @param profile of the streams
   * @param agent that captures them
   * @param record whether the thumbnails are recorded as video, too
   * @param queue URL of the SQS queue of state changes; null for none
   * @param look from one look at all channels to the next
   */
  public record MediaLive(
      String region,
      List<String> include,
      List<String> exclude,
      String every,
      String profile,
      String agent,
      Boolean record,
      String queue,
      Duration look) {

    public MediaLiveSettings named(String name) {
      return new MediaLiveSettings(
          name,
          region,
          include,
          exclude,
          every,
          profile,
          agent,
          record != null && record,
          queue,
          look);
    }
  }

  /** A profile as declared here; its name is the key. */
  public record ProfileSettings(
      Sampling sample,
      KeepFrames keepFrames,
      List<PluginSpec> analyzers,
      PluginSpec classifier,
      List<PluginSpec> classifiers,
      PluginSpec optimizer) {

    Profile named(String name) {
      List<PluginSpec> all = new ArrayList<>(classifiers == null ? List.of() : classifiers);
      if (classifier != null) {
        all.add(0, classifier);
      }
      return new Profile(name, sample, keepFrames, analyzers, all, optimizer);
    }
  }

  /** A watch rule as declared here; its name is the key. */
  public record Watch(
      Set<String> labels,
      Double minConfidence,
      Set<String> streams,
      Set<String> zones,
      Duration cooldown,
      List<String> channels) {

    WatchRule named(String name) {
      return new WatchRule(
          name,
          labels,
          minConfidence == null ? WatchRule.DEFAULT_MIN_CONFIDENCE : minConfidence,
          streams,
          zones,
          (cooldown == null ? WatchRule.DEFAULT_COOLDOWN : cooldown).toMillis(),
          channels);
    }
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
  public Configuration withHttp(Http other) {
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

  /** The same with another Kafka. */
  public Configuration withKafka(Kafka other) {
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

  private static <T> Map<String, T> ordered(Map<String, T> map) {
    return map == null ? Map.of() : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
