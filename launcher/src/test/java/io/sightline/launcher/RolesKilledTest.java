package io.sightline.launcher;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bus.Topic;
import io.sightline.bus.broker.BrokerProcess;
import io.sightline.launcher.export.RunResults;
import io.sightline.launcher.installation.Folders;
import io.sightline.launcher.installation.Secrets;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.records.Alert;
import io.sightline.records.EpochInfo;
import io.sightline.records.Json;
import io.sightline.records.Replay;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each role in a process of its own, the analyzer in two, and {@code kill -9} at moments that a
 * seeded random chooses. What is there at the end is what an undisturbed {@code up} leaves: nothing
 * lost, nothing twice.
 *
 * <p>{@code -Dsightline.kills=10} kills each role that often instead of four in all; {@code
 * -Dsightline.kills.seed}, {@code -Dsightline.kills.video} with {@code -Dsightline.kills.seconds},
 * {@code -Dsightline.kills.model} and {@code -Dsightline.kills.folder} choose the moments, a file
 * and its length, a detector, and where all is left to be looked at.
 */
class RolesKilledTest {

  private static final List<String> ALWAYS_KILLED = List.of("broker", "gateway", "capture");
  private static final double AFTER_END = 1;
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final List<String> PARTITIONS =
      List.of(
          "frames/",
          "sounds/",
          "chunks/",
          "segments/",
          "clips/",
          "renditions/",
          "alerts/",
          "epochs/");

  private static final Set<Topic> ASKED =
      EnumSet.of(
          Topic.SEGMENT_EDITS, Topic.REPLAY_REQUESTS, Topic.REEL_PARTS, Topic.RENDITION_REQUESTS);

  /**
   * Titles of what is asked for: a replay whose items are as they are, and one whose items fade.
   */
  private static final String PLAIN = "Plain";

  private static final String FADED = "Faded";

  /** Processes by name, with their role. */
  private static final Map<String, String> PROCESSES = new LinkedHashMap<>();

  static {
    PROCESSES.put("broker", "broker");
    PROCESSES.put("gateway", "gateway");
    PROCESSES.put("analyzer-1", "analyzer");
    PROCESSES.put("analyzer-2", "analyzer");
    PROCESSES.put("segmenter", "segmenter");
    PROCESSES.put("clipper", "clipper");
    PROCESSES.put("replay", "replay");
    PROCESSES.put("alerter", "alerter");
    PROCESSES.put("capture", "capture");
  }

  /** Whose progress tells when a process is in the middle of its work, where it tells none. */
  private static final Map<String, String> PACE =
      Map.ofEntries(
          entry("broker", "segmenter"),
          entry("gateway", "capture"),
          entry("analyzer-1", "analyzer"),
          entry("analyzer-2", "analyzer"),
          entry("clipper", "segmenter"),
          entry("replay", "segmenter"));

  /**
   * A kill to come.
   *
   * @param fraction of the stream that its stage must have worked off
   * @param afterMillis how long the process must have run
   */
  private record Kill(String name, double fraction, long afterMillis) {}

  @TempDir Path temporary;

  private final Path folder = Path.of(System.getProperty("sightline.kills.folder", ""));
  private final int perRole = Integer.getInteger("sightline.kills", 0);
  private final long seed = Long.getLong("sightline.kills.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, Integer> inTheMiddle = new LinkedHashMap<>();
  private final Map<String, Integer> afterwards = new LinkedHashMap<>();

  /** Ids of the replays that were asked for, by data folder and title. */
  private final Map<String, String> asked = new LinkedHashMap<>();

  private WatchedFile file;

  @Test
  void roles_killedAtRandomMoments_leaveWhatAnUndisturbedRunLeaves() throws Exception {
    Path work = folder.toString().isEmpty() ? temporary : Files.createDirectories(folder);
    file = WatchedFile.chosen(work);
    Path calm = Files.createDirectories(work.resolve("calm"));
    Path killed = Files.createDirectories(work.resolve("killed"));

    long start = System.nanoTime();
    try (RoleProcesses up = new RoleProcesses(file.config(calm), calm, calm)) {
      up.start("up", "up");
      follow(up, calm, new ArrayList<>());
    }
    long between = System.nanoTime();
    List<Kill> kills = kills();
    String facts;
    Map<String, TopicContents> topics;
    try (RoleProcesses roles = new RoleProcesses(file.config(killed), killed, killed)) {
      roles.start("broker", "broker");
      roles.awaitReady("broker");
      PROCESSES.forEach(
          (name, role) -> {
            if (!name.equals("broker")) {
              roles.start(name, role);
            }
          });
      follow(roles, killed, kills);
      facts = facts(roles, between - start, System.nanoTime() - between);
      System.out.println(facts);
      roles.restartEnded();
      roles.awaitReady("broker");
      topics = topics(killed);
    }
    assertThat(topics.values()).as(facts).allSatisfy(RolesKilledTest::agreesWithItself);
    topics.forEach(
        (topic, contents) ->
            System.out.printf(
                "%s: %d, and %d repeats%n", topic, contents.records().size(), contents.repeats()));
    compare(calm, killed, facts);
    for (String title : List.of(PLAIN, FADED)) {
      int shown = pictures(killed, title, "master.m3u8");
      assertThat(shown).as(facts).isEqualTo(pictures(calm, title, "master.m3u8")).isPositive();
    }
    String square = "master-" + WatchedFile.RENDITION + ".m3u8";
    for (String title : List.of(PLAIN, FADED)) {
      assertThat(pictures(killed, title, square)).isEqualTo(pictures(calm, title, "master.m3u8"));
    }
    assertThat(export(killed)).as(facts).isEqualTo(export(calm));
    if (perRole > 0) {
      assertThat(processed(calm, work.resolve("process"))).isEqualTo(export(calm));
    }
  }

  private static void agreesWithItself(TopicContents contents) {
    assertThat(contents.contradictions()).isEmpty();
    assertThat(contents.disorder()).isEmpty();
  }

  /** How many pictures a published replay shows to whoever plays it from its folder. */
  private int pictures(Path data, String title, String playlist) throws IOException {
    Path master = WatchedFile.web(data).resolve(asked.get(data + title)).resolve(playlist);
    assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
    return FfmpegProgram.ffprobe(
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "packet=pts",
            "-of",
            "csv=p=0",
            master.toString())
        .text()
        .lines()
        .filter(line -> !line.isBlank())
        .toList()
        .size();
  }

  private void compare(Path calm, Path killed, String facts) throws Exception {
    try (Holdings before = new Holdings(calm, file.stream());
        Holdings after = new Holdings(killed, file.stream())) {
      for (String partition : PARTITIONS) {
        assertThat(lasting(after.records(partition + file.stream())))
            .as(partition + " " + facts)
            .isEqualTo(lasting(before.records(partition + file.stream())));
      }
      assertThat(before.records(StoreKeys.frames(file.stream()))).isNotEmpty();
      assertThat(before.records(StoreKeys.clips(file.stream()))).isNotEmpty();
      assertThat(before.records(StoreKeys.alerts(file.stream()))).isNotEmpty();
      for (String prefix : List.of("streams/", "frames/", "clips/")) {
        assertThat(lasting(after.objects(prefix)))
            .as(facts)
            .isEqualTo(lasting(before.objects(prefix)));
      }
    }
  }

  /** Which clip was the first of a replay for a while, and did not fade in, is of the moment. */
  private static List<String> lasting(List<String> all) {
    return all.stream().filter(one -> !one.contains("/faded-")).toList();
  }

  /** Kills what is due until everything is done. */
  private void follow(RoleProcesses roles, Path data, List<Kill> kills) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(perRole > 0 ? 60 : 5).toNanos();
    Optional<String> plain = Optional.empty();
    Optional<String> faded = Optional.empty();
    try (Holdings holdings = new Holdings(data, file.stream())) {
      while (true) {
        Optional<RunResults> results = holdings.results();
        if (plain.isEmpty() && results.isPresent()) {
          plain = requestReplay(data, results.get().run(), PLAIN, Map.of());
        }
        if (faded.isEmpty() && results.isPresent()) {
          Map<String, Object> fade = Map.of("fade", Map.of("outMillis", 300, "inMillis", 300));
          faded = requestReplay(data, results.get().run(), FADED, fade);
        }
        boolean done =
            results.isPresent()
                && plain.isPresent()
                && faded.isPresent()
                && done(results.get(), List.of(plain.get(), faded.get()))
                && published(holdings, plain.get())
                && published(holdings, faded.get());
        if (done && kills.isEmpty()) {
          return;
        }
        killDue(roles, results, done, kills);
        PlaylistUris.assertNothingDangles(WatchedFile.web(data));
        roles.restartEnded();
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "Not done in time; kills to come: "
                  + kills
                  + ", seed "
                  + seed
                  + "\n"
                  + progress(results)
                  + "\n"
                  + roles.errors());
        }
        roles.awaitEnd(LOOK);
      }
    }
  }

  private void killDue(
      RoleProcesses roles, Optional<RunResults> results, boolean done, List<Kill> kills)
      throws Exception {
    for (String name : PROCESSES.keySet()) {
      Optional<Kill> next = kills.stream().filter(kill -> kill.name().equals(name)).findFirst();
      if (next.isEmpty()) {
        continue;
      }
      long ran = roles.readyForNanos(name);
      double at = results.isEmpty() ? 0 : worked(results.get(), PACE.getOrDefault(name, name));
      if (ran > next.get().afterMillis() * 1_000_000 && (done || at >= next.get().fraction())) {
        (at < AFTER_END ? inTheMiddle : afterwards).merge(name, 1, Integer::sum);
        roles.killAndRestart(name);
        kills.remove(next.get());
      }
    }
  }

  private List<Kill> kills() {
    List<Kill> kills = new ArrayList<>();
    if (perRole > 0) {
      for (String name : PROCESSES.keySet()) {
        for (int i = 0; i < perRole; i++) {
          kills.add(kill(name));
        }
      }
    } else {
      ALWAYS_KILLED.forEach(name -> kills.add(kill(name)));
      // Each build takes another one of the others; together they take all.
      List<String> others = new ArrayList<>(PROCESSES.keySet());
      others.removeAll(ALWAYS_KILLED);
      kills.add(kill(others.get(random.nextInt(others.size()))));
    }
    kills.sort(Comparator.comparingDouble(Kill::fraction));
    return kills;
  }

  private Kill kill(String name) {
    return new Kill(name, random.nextDouble() * 0.9, random.nextInt(1_500));
  }

  /** How much of the file a stage has worked off; 1 when it has seen its end. */
  private double worked(RunResults results, String stage) throws Exception {
    Optional<StageProgress> progress = results.progress(stage);
    if (progress.isEmpty()) {
      return 0;
    }
    if (progress.get().ended()) {
      return AFTER_END;
    }
    EpochInfo epoch = results.epochs().get(0);
    double reached = progress.get().positionMicros() - epoch.startMicros();
    return Math.min(0.99, Math.max(0, reached / (file.seconds() * 1e6)));
  }

  private static boolean done(RunResults results, List<String> replays) throws Exception {
    for (String stage : List.of("capture", "analyzer", "segmenter", "alerter")) {
      if (results.progress(stage).filter(StageProgress::ended).isEmpty()) {
        return false;
      }
    }
    if (!results.clipsComplete() || !results.renditionsComplete(List.of(WatchedFile.RENDITION))) {
      return false;
    }
    for (String replay : replays) {
      if (results.replay(replay).filter(Replay::complete).isEmpty()) {
        return false;
      }
    }
    List<Segment> segments = results.segments();
    return results.alerts().stream()
        .allMatch(
            alert ->
                alert.clip() != null
                    || segments.stream().noneMatch(segment -> shows(segment, alert)));
  }

  /**
   * Whole.
   *
   * @param square whether in its other shape, too
   */
  private static boolean published(Holdings holdings, String replay) throws Exception {
    for (String one : holdings.records(StoreKeys.PUBLISHED)) {
      JsonNode copy = Json.MAPPER.readTree(one);
      JsonNode other = copy.at("/renditions/0");
      if (copy.path("replay").asText().equals(replay)
          && copy.path("complete").asBoolean()
          && other.path("version").equals(copy.path("version"))
          && other.path("segments").equals(copy.path("segments"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean shows(Segment segment, Alert alert) {
    return segment.startMicros() <= alert.positionMicros()
        && alert.positionMicros() < segment.endMicros();
  }

  private String progress(Optional<RunResults> results) throws Exception {
    if (results.isEmpty()) {
      return "nothing has begun";
    }
    StringBuilder all = new StringBuilder();
    for (String stage : List.of("capture", "analyzer", "segmenter", "alerter")) {
      all.append(results.get().progress(stage)).append('\n');
    }
    return all.append(results.get().clips().size())
        .append(" clips of ")
        .append(results.get().segments().size())
        .append(" segments; alerts ")
        .append(results.get().alerts())
        .toString();
  }

  /** Over the API, as a person does; empty when the gateway is away just now. */
  private Optional<String> requestReplay(
      Path data, String run, String title, Map<String, Object> transitions) throws Exception {
    JsonNode order =
        Json.MAPPER.valueToTree(
            Map.of(
                "title",
                title,
                "mp4",
                true,
                "publish",
                true,
                "transitions",
                transitions,
                "selection",
                Map.of("streams", List.of(file.stream()), "run", run)));
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + WatchedFile.port(data) + "/api/v1/replays"))
            .header("Authorization", "Bearer " + Secrets.of(data).adminToken())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.encode(order)))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 500) {
        return Optional.empty();
      }
      assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(202);
      String id = Json.MAPPER.readTree(answer.body()).get("id").asText();
      asked.put(data + title, id);
      return Optional.of(id);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Map<String, TopicContents> topics(Path data) throws IOException {
    String bootstrap = BrokerProcess.bootstrapOf(new Folders(data).broker());
    Map<String, TopicContents> all = new LinkedHashMap<>();
    for (Topic topic : Topic.values()) {
      if (!ASKED.contains(topic)) {
        all.put(topic.id(), TopicContents.read(bootstrap, topic.id()));
      }
    }
    return all;
  }

  private String export(Path data) throws IOException {
    Path out = data.resolve("out");
    int exit =
        SightlineCommand.line()
            .execute("export", file.stream(), "--data", data.toString(), "--out", out.toString());
    assertThat(exit).isZero();
    return Files.readString(out.resolve("segments.json"));
  }

  /** What the command for one file makes of it; its clips go by the same names. */
  private String processed(Path data, Path out) throws IOException {
    String config = data.resolve("sightline.yaml").toString();
    int exit =
        SightlineCommand.line()
            .execute(
                "process",
                file.video().toString(),
                "--config",
                config,
                "--profile",
                WatchedFile.PROFILE,
                "--out",
                out.toString());
    assertThat(exit).isZero();
    return Files.readString(out.resolve("segments.json"));
  }

  private String facts(RoleProcesses roles, long calmNanos, long killedNanos) {
    return String.format(
        "seed %d; undisturbed %d s, killed %d s; killed in the middle %s, after their end %s;"
            + " ended by themselves %d",
        seed,
        calmNanos / 1_000_000_000,
        killedNanos / 1_000_000_000,
        inTheMiddle,
        afterwards,
        roles.restarts());
  }
}
