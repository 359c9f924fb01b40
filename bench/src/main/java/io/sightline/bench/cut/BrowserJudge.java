package io.sightline.bench.cut;

import io.sightline.bench.BenchException;
import io.sightline.bench.Workbench;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.HlsExport;
import io.sightline.records.ClipIndex;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Has clips played by hls.js in the Chromium that is installed on this machine, and looks at every
 * picture. One thread.
 */
final class BrowserJudge implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String PLAYER = "META-INF/resources/webjars/hls.js/1.4.12/dist/hls.min.js";
  private static final String SCRIPT = "io/sightline/bench/cut/play-clips.js";
  private static final String PAGE =
      "<!doctype html><title>clips</title><link rel=icon href=data:,><video muted></video>"
          + "<script src=/hls.js></script><script type=module src=/play.js></script>";
  private static final long PATIENCE_SECONDS = 300;
  private static final long START_SECONDS = 30;

  /** By how much the length of what is buffered may differ: rounding of each media segment. */
  private static final double TOLERANCE_SECONDS = 0.03;

  /** So long sound may go on behind the last picture: two frames, which Chromium shows it for. */
  private static final double SOUND_SECONDS = 2 * 1024 / 48_000.0;

  private final Workbench bench;
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Process browser;
  private volatile Promise<JsonObject> next = Promise.promise();
  private volatile Promise<JsonObject> seen = Promise.promise();
  private volatile Path folder;

  private BrowserJudge(Workbench bench, Path program) throws Exception {
    this.bench = bench;
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .await(START_SECONDS, TimeUnit.SECONDS);
    browser =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
                "--user-data-dir=" + bench.emptied("browser"),
                "http://127.0.0.1:" + server.actualPort() + "/")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Empty when no browser is installed. */
  static Optional<BrowserJudge> start(Workbench bench) throws Exception {
    Optional<Path> program =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(place -> !place.isEmpty())
            .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
            .filter(Files::isExecutable)
            .findFirst();
    return program.isEmpty()
        ? Optional.empty()
        : Optional.of(new BrowserJudge(bench, program.get()));
  }

  /**
   * How many pictures of a clip are wrong. Anything that the player complains of counts as one
   * more.
   *
   * @param expected the numbers of the pictures that it has to show, in order
   * @param seconds when each of them begins to be shown and, last, when the clip ends; from its
   *     first picture on
   */
  int wrong(ClipIndex clip, ByteSource bytes, List<Integer> expected, List<Double> seconds)
      throws Exception {
    folder = bench.emptied("browsed");
    HlsExport.write(clip, bytes, folder.resolve("clip"));
    // The middle of a picture's time, so that rounding cannot mean another.
    JsonArray times = new JsonArray();
    for (int picture = 0; picture < expected.size(); picture++) {
      double half = (seconds.get(picture + 1) - seconds.get(picture)) / 2;
      times.add(new JsonArray().add(seconds.get(picture) + half).add(half));
    }
    JsonObject result =
        played(new JsonObject().put("url", "/clip/master.m3u8").put("times", times));
    List<Integer> shown =
        result.getJsonArray("numbers").stream()
            .map(number -> ((Number) number).intValue())
            .toList();
    JsonArray errors = result.getJsonArray("errors");
    double length = seconds.get(seconds.size() - 1);
    double more = result.getDouble("seconds") - length;
    if (more < -TOLERANCE_SECONDS || more > TOLERANCE_SECONDS + SOUND_SECONDS) {
      errors.add("it lasts " + result.getDouble("seconds") + " s, not " + length);
    }
    for (int at = 0; at < Math.min(shown.size(), expected.size()); at++) {
      if (!shown.get(at).equals(expected.get(at))) {
        String place = "at " + times.getJsonArray(at).getDouble(0) + " s";
        bench.progress().say(shown.get(at) + " is shown " + place + ", not " + expected.get(at));
      }
    }
    int wrong = ClipJudge.differences(shown, expected);
    if (wrong > 0 || !errors.isEmpty()) {
      bench.progress().say("Chromium, " + clip.clip() + ": " + wrong + " wrong " + errors);
    }
    return wrong + errors.size();
  }

  private JsonObject played(JsonObject clip) throws Exception {
    if (!browser.isAlive()) {
      throw new BenchException("Chromium ended with exit code " + browser.exitValue());
    }
    seen = Promise.promise();
    next.complete(clip);
    return seen.future().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/" -> request.response().putHeader("Content-Type", "text/html").end(PAGE);
      case "/hls.js" -> script(request, PLAYER);
      case "/play.js" -> script(request, SCRIPT);
      case "/next" -> next.future().onSuccess(clip -> give(clip, request));
      case "/seen" ->
          request
              .body()
              .onSuccess(
                  body -> {
                    request.response().end();
                    seen.tryComplete(body.toJsonObject());
                  });
      default -> file(request);
    }
  }

  private void give(JsonObject clip, HttpServerRequest request) {
    next = Promise.promise();
    request.response().end(clip.encode());
  }

  private static void script(HttpServerRequest request, String resource) {
    try (InputStream script = BrowserJudge.class.getClassLoader().getResourceAsStream(resource)) {
      request
          .response()
          .putHeader("Content-Type", "text/javascript")
          .end(Buffer.buffer(script.readAllBytes()));
    } catch (Exception e) {
      request.response().setStatusCode(500).end(e.toString());
    }
  }

  private void file(HttpServerRequest request) {
    Path file = folder.resolve(request.path().substring(1)).normalize();
    if (file.startsWith(folder) && Files.isRegularFile(file)) {
      request.response().sendFile(file.toString());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  @Override
  public void close() throws Exception {
    try (Stream<ProcessHandle> children = browser.descendants()) {
      children.toList().forEach(ProcessHandle::destroyForcibly);
    }
    browser.destroyForcibly().waitFor();
    vertx.close().await(START_SECONDS, TimeUnit.SECONDS);
  }
}
