package io.sightline.bench.stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bench.BenchException;
import io.sightline.bench.Workbench;
import io.sightline.bus.BusConfig;
import io.sightline.bus.InRecord;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.broker.BrokerProcess;
import io.sightline.ingestgateway.Declared;
import io.sightline.launcher.config.Configuration;
import io.sightline.launcher.config.HttpSection;
import io.sightline.launcher.installation.Installation;
import io.sightline.launcher.roles.Role;
import io.sightline.launcher.roles.RoleSettings;
import io.sightline.launcher.roles.RunningRoles;
import io.sightline.records.InputSpec;
import io.sightline.records.Json;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Capture, gateway, clipper and replay in this process, as {@code up} runs them, with a broker of
 * their own; a film plays the part of a camera, again and again. Segments come from the bench, so
 * there is nobody to find any.
 */
final class Stages implements AutoCloseable {

  static final String STREAM = "bench";
  static final String RUN = "live";

  private static final long PATIENCE_SECONDS = 60;
  private static final HttpSection ANY_PORT = new HttpSection("127.0.0.1", 0, List.of());
  private static final Set<Role> ROLES =
      EnumSet.of(Role.CAPTURE, Role.GATEWAY, Role.CLIPPER, Role.REPLAY);

  private final BrokerProcess broker;
  private final Vertx vertx = Vertx.vertx();
  private final Installation installation;
  private final RunningRoles roles;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * @param film that the camera shows
   */
  Stages(Workbench bench, Path film) throws Exception {
    bench.progress().say("starting broker, capture, gateway, clipper, replay");
    Path folder = bench.emptied("stages");
    broker = BrokerProcess.start(folder.resolve("broker"), 0);
    Configuration configuration =
        Configuration.defaults().withData(folder).withHttp(ANY_PORT).withCaptureAtHome();
    installation = await(Installation.open(vertx, configuration));
    await(installation.connect(BusConfig.of(broker.bootstrap())));
    roles = new RunningRoles(installation, settings(configuration, film));
    await(roles.start(ROLES));
  }

  private static RoleSettings settings(Configuration configuration, Path film) {
    Profile profile =
        new Profile(
            "bench", Sampling.ALL_KEYFRAMES, null, List.of(new PluginSpec("motion")), List.of());
    StreamSpec stream =
        new StreamSpec(
            STREAM,
            List.of(InputSpec.of("file:" + film + "?realtime&loop")),
            profile.name(),
            configuration.capture().agent(),
            true,
            List.of());
    Declared declared = new Declared(List.of(stream), Map.of(profile.name(), profile), "the bench");
    return new RoleSettings(configuration, declared, List.of());
  }

  /** Has everything handed over that is written to a topic from now on. */
  void follow(Topic topic, Handler<InRecord> handler) throws Exception {
    await(LiveReader.start(vertx, installation.bus(), Set.of(topic), handler).ready());
  }

  /** Stores and announces a segment, as the segmenter does; returns when both are acknowledged. */
  void write(Segment segment) throws Exception {
    await(
        Records.of(installation.records(), Segment.class)
            .put(StoreKeys.segments(STREAM), StoreKeys.sortOf(segment.id()), segment, null));
    await(installation.writer().write(OutRecord.of(Topic.SEGMENTS, STREAM, segment)));
  }

  /** Asks the API for something. */
  JsonNode get(String path) throws Exception {
    return Json.MAPPER.readTree(body(request("/api/v1" + path)));
  }

  /** Asks the API to make something. */
  JsonNode post(String path, Object wanted) throws Exception {
    return send("POST", path, wanted);
  }

  /** Asks the API to change something. */
  JsonNode patch(String path, Object wanted) throws Exception {
    return send("PATCH", path, wanted);
  }

  private JsonNode send(String method, String path, Object wanted) throws Exception {
    return Json.MAPPER.readTree(
        body(
            request("/api/v1" + path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(Json.encode(wanted)))));
  }

  /**
   * What lies at a path, such as those that the API answers with.
   *
   * @throws BenchException when the answer is no success
   */
  byte[] body(String path) throws Exception {
    return body(request(path));
  }

  /**
   * The same, empty when it is not there, or no longer.
   *
   * @throws BenchException for any other answer that is no success
   */
  Optional<byte[]> found(String path) throws Exception {
    HttpResponse<byte[]> answer = answer(request(path).build());
    return answer.statusCode() == 404 || answer.statusCode() == 410
        ? Optional.empty()
        : Optional.of(successful(answer));
  }

  private HttpRequest.Builder request(String path) {
    URI uri = URI.create("http://127.0.0.1:" + roles.gatewayPort() + path);
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + installation.secrets().adminToken());
  }

  private byte[] body(HttpRequest.Builder wanted)
      throws IOException, InterruptedException, BenchException {
    return successful(answer(wanted.build()));
  }

  private HttpResponse<byte[]> answer(HttpRequest request)
      throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] successful(HttpResponse<byte[]> answer) throws BenchException {
    if (answer.statusCode() / 100 != 2) {
      throw new BenchException(answer.statusCode() + " from " + answer.request().uri().getPath());
    }
    return answer.body();
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** What they hold is thrown away, so nothing needs to be put in order. */
  @Override
  public void close() throws Exception {
    try {
      await(roles.stopTogether());
      await(installation.close());
      await(vertx.close());
    } finally {
      broker.kill();
    }
  }
}
