package io.sightline.launcher;

import io.sightline.launcher.export.RunResults;
import io.sightline.launcher.installation.Folders;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.TestPort;
import io.sightline.records.Json;
import io.sightline.records.Published;
import io.sightline.records.Replay;
import io.sightline.records.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gateway, clipper and replay of one installation, each in a process of its own, with what is
 * looked at in it. Two replays are asked for: a plain one, and one whose items fade. One thread.
 */
final class ClipsInstallation implements AutoCloseable {

  static final String STREAM = "yard";
  static final String PLAIN = "Plain";
  static final String FADED = "Faded";

  private static final List<String> ROLES = List.of("gateway", "clipper", "replay");

  final Path data;
  final RoleProcesses roles;
  final Holdings holdings;
  final GivenSegments given;
  final Viewer viewer;
  final FileWatch watch;
  final Map<String, String> replays = new LinkedHashMap<>();

  ClipsInstallation(Path data, Recording recording) throws Exception {
    this.data = data;
    int port = TestPort.free();
    roles = new RoleProcesses(config(data, port), data, data);
    try {
      roles.start("broker", "broker");
      roles.awaitReady("broker");
      ROLES.forEach(role -> roles.start(role, role));
      for (String role : ROLES) {
        roles.awaitReady(role);
      }
      watch = new FileWatch(objects("clips"), objects("replays"), web());
      holdings = new Holdings(data, STREAM);
      given = new GivenSegments(data, recording);
      viewer = new Viewer(data, port);
      replays.put(PLAIN, ask(PLAIN, Map.of()));
      replays.put(FADED, ask(FADED, Map.of("fade", Map.of("outMillis", 200, "inMillis", 200))));
    } catch (Exception e) {
      roles.close();
      throw e;
    }
  }

  private String ask(String title, Map<String, Object> transitions) throws Exception {
    Map<String, Object> selection =
        Map.of("streams", List.of(STREAM), "toMicros", given.endMicros());
    return viewer
        .post(
            "/replays",
            Map.of(
                "title", title,
                "mp4", true,
                "publish", true,
                "transitions", transitions,
                "selection", selection))
        .get("id")
        .asText();
  }

  Path objects(String name) {
    return new Folders(data).objects().resolve(name);
  }

  Path web() {
    return data.resolve("web");
  }

  RunResults results() throws Exception {
    return holdings.results().orElseThrow();
  }

  Published published(String replay) throws Exception {
    for (String one : holdings.records(StoreKeys.PUBLISHED)) {
      if (Json.MAPPER.readTree(one).path("replay").asText().equals(replay)) {
        return Json.MAPPER.readValue(one, Published.class);
      }
    }
    return null;
  }

  /** Whether a replay is published as it is now. */
  boolean isPublished(String replay) throws Exception {
    Replay header = results().replay(replay).orElseThrow();
    Published copy = published(replay);
    return copy != null
        && copy.version() == header.version()
        && copy.segments() == header.segments()
        && copy.complete() == header.complete();
  }

  /** Whether everything that was given is cut, built and published. */
  boolean done() throws Exception {
    if (!results().clipsComplete()) {
      return false;
    }
    for (String replay : replays.values()) {
      Optional<Replay> header = results().replay(replay);
      if (header.isEmpty() || header.get().segments() < given.given() || !isPublished(replay)) {
        return false;
      }
    }
    return true;
  }

  private static Path config(Path data, int port) throws IOException {
    return Files.write(
        data.resolve("sightline.yaml"),
        List.of(
            "http: { port: " + port + " }",
            "kafka: { partitions: 1 }",
            "publish: { to: '" + data.resolve("web") + "' }",
            // Nothing captures it.
            "streams: { " + STREAM + ": { inputs: [{ url: 'file:none.mp4?realtime' }] } }"));
  }

  @Override
  public void close() throws Exception {
    try (roles;
        holdings;
        given;
        watch) {
      return;
    }
  }
}
