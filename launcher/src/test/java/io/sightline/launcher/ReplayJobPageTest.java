package io.sightline.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.InRecord;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.clipper.mediaconvert.MediaConvert;
import io.sightline.clipper.mediaconvert.MediaConvertSettings;
import io.sightline.clipper.mediaconvert.Quality;
import io.sightline.ingestgateway.Declared;
import io.sightline.ingestgateway.GatewayConfig;
import io.sightline.ingestgateway.GatewayVerticle;
import io.sightline.ingestgateway.TransitionNames;
import io.sightline.ingestgateway.access.AccessToken;
import io.sightline.ingestgateway.access.Scope;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.InputSpec;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A replay is encoded as a whole by way of the dashboard: real browser, gateway, broker and stores;
 * what the clipper would tell is told here.
 */
class ReplayJobPageTest {

  private static final String TOKEN = "operator-token-0123456789";
  private static final String REPLAY = "derby";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;
  private LiveReader reader;
  private final BlockingQueue<InRecord> requests = new LinkedBlockingQueue<>();
  private ChromeDriver browser;

  @BeforeEach
  void open() throws Exception {
    Assumptions.assumeTrue(Browser.isInstalled(), Browser.NOT_INSTALLED);
    BusConfig bus = TestBroker.shared().config();
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    reader = LiveReader.start(vertx, bus, Set.of(Topic.REPLAY_JOB_REQUESTS), requests::add);
    await(reader.ready());
    storeReplay();
    GatewayVerticle gateway =
        new GatewayVerticle(
            GatewayConfig.of(
                0,
                List.of(AccessToken.of("ana", TOKEN, Scope.OPERATOR, Set.of())),
                "a key that signs, 32 bytes long!".getBytes(StandardCharsets.US_ASCII)),
            objects,
            records,
            writer,
            bus,
            new MemoryCheckpoints(),
            declared());
    await(vertx.deployVerticle(gateway));
    browser = Browser.start(folder.resolve("browser"));
    browser.get("http://127.0.0.1:" + gateway.port() + "/#token=" + TOKEN);
  }

  @AfterEach
  void close() throws Exception {
    if (browser != null) {
      browser.quit();
    }
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    if (reader != null) {
      await(reader.close());
      await(writer.close());
      await(records.close());
      await(objects.close());
    }
    await(vertx.close());
  }

  @Test
  void replay_isEncodedOnceItsCostWasSeen_showsHowFarItIs_andWhereItsFilesAre() throws Exception {
    until("return document.querySelector(\"[data-replay]\")?.disabled === false");
    browser.executeScript("document.querySelector(\"[data-replay]\").click()");

    button("estimate-job").click();
    String shown = text("dialog[open] replay-job", "About");
    assertThat(shown).contains("0:04", "320 x 180", "HLS in 180p, 120p", "Prices as of 2025-11-01");
    assertThat(requests).isEmpty();

    button("make-job").click();
    text("dialog[open] replay-job", "waits for its turn");
    ReplayJobRequest request =
        requests.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).as(ReplayJobRequest.class);
    assertThat(request.by()).isEqualTo("ana");
    ReplayJob job = ReplayJob.asked(request, List.of("lobby"), 1);
    job = job.at("encoding with MediaConvert", 40, null, List.of("1763726462500-abcdef"));
    tell(job);
    text("dialog[open] replay-job", "encoding with MediaConvert, 40 %");

    button("cancel-job").click();
    assertThat(
            requests.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).as(ReplayJobRequest.class).kind())
        .isEqualTo(ReplayJobRequest.Kind.CANCEL);
    String home = job.folder();
    job = job.ready(home + "hls/index.m3u8", home + "replay.mp4", "s3://my-video/" + home);
    tell(job);
    text("dialog[open] replay-job", "s3://my-video/" + home);
    assertThat(
            browser
                .findElement(By.cssSelector("dialog[open] replay-job a[download]"))
                .getDomAttribute("href"))
        .endsWith("/replays/derby/1/" + home.substring("replays/derby/1/".length()) + "replay.mp4");
    browser.findElement(By.cssSelector("dialog[open] replay-job [name=goodbye]")).click();
    text("dialog[open] replay-job", "Delete these files for good");

    tell(job.ended(MediaState.GONE, null));
    button("estimate-job");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void replay_thatCannotBeEncoded_saysWhy_andIsTriedAgain() throws Exception {
    ReplayJobRequest request =
        new ReplayJobRequest(REPLAY, 1, ReplayJobRequest.Kind.MAKE, "ana", 5);
    tell(
        ReplayJob.asked(request, List.of("lobby"), 1)
            .ended(MediaState.FAILED, "MediaConvert could not do the job"));
    until("return document.querySelector(\"[data-replay]\")?.disabled === false");
    browser.executeScript("document.querySelector(\"[data-replay]\").click()");

    text("dialog[open] replay-job", "MediaConvert could not do the job");
    await(
        records.put(
            StoreKeys.REPLAYS,
            REPLAY,
            Json.encode(replay("replays/derby/1/index-1.json", false)),
            null));
    button("estimate-job").click();
    text("dialog[open] replay-job [role=alert]", "The replay goes on growing");
  }

  private void tell(ReplayJob job) throws Exception {
    await(Records.of(records, ReplayJob.class).put(StoreKeys.REPLAY_JOBS, job.replay(), job, null));
    await(writer.write(OutRecord.of(Topic.REPLAY_JOBS, job.replay(), job)));
  }

  private void storeReplay() throws Exception {
    Recording recording = new Recording("lobby").add(TestVideo.plain().file());
    ClipIndex reel =
        Cut.exact(
                REPLAY,
                recording.chunks(),
                Recording.START,
                Recording.START + 4_000_000,
                recording,
                recording)
            .index();
    recording.writeTo(folder.resolve("objects"));
    String key = "replays/" + REPLAY + "/1/index-1.json";
    await(objects.put(key, Buffer.buffer(Json.encode(reel)), "application/json"));
    await(records.put(StoreKeys.REPLAYS, REPLAY, Json.encode(replay(key, true)), null));
  }

  private static Replay replay(String key, boolean complete) {
    return new Replay(
        REPLAY,
        "The derby",
        new ReplayRequest.Selection(List.of("lobby"), null, null, null, null),
        MediaState.READY,
        1,
        1,
        4_000_000,
        complete,
        false,
        key,
        null,
        Recording.START,
        1,
        null,
        1);
  }

  private static Declared declared() {
    MediaConvert service =
        new MediaConvert(
            new MediaConvertSettings(
                "eu-west-1",
                null,
                "arn:aws:iam::123456789012:role/MediaConvert",
                null,
                "s3://my-video",
                Quality.SINGLE_PASS,
                MediaConvertSettings.DEFAULT_MAX_BITRATE,
                false,
                List.of(720, 120),
                1,
                MediaConvertSettings.DEFAULT_POLL,
                null,
                Map.of(),
                Map.of(),
                null));
    return new Declared(
        List.of(
            new StreamSpec(
                "lobby",
                List.of(InputSpec.of("rtsp://10.0.0.7/a")),
                "visits",
                "local",
                null,
                null)),
        Map.of(
            "visits",
            new Profile("visits", null, null, List.of(new PluginSpec("motion")), List.of())),
        "sightline.yaml",
        ZoneId.of("UTC"),
        null,
        List.of(),
        false,
        List.of(),
        TransitionNames.NONE,
        service::estimate);
  }

  private WebElement button(String name) {
    String selector = "dialog[open] replay-job [name=" + name + "]";
    until("return document.querySelector(arguments[0])?.disabled === false", selector);
    return browser.findElement(By.cssSelector(selector));
  }

  /** The text of an element, once it says so. */
  private String text(String selector, String part) {
    until(
        "return document.querySelector(arguments[0])?.innerText.includes(arguments[1]) === true",
        selector,
        part);
    return browser.findElement(By.cssSelector(selector)).getText();
  }

  private void until(String script, Object... arguments) {
    new WebDriverWait(browser, PATIENCE, Duration.ofMillis(100))
        .withMessage(() -> "until " + script + " " + List.of(arguments) + "\n" + page())
        .until(any -> Boolean.TRUE.equals(browser.executeScript(script, arguments)));
  }

  private Object page() {
    return browser.executeScript("return document.body.innerText") + "\n" + complaints();
  }

  private List<String> complaints() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .map(LogEntry::getMessage)
        // It has no clips from which one could be.
        .filter(said -> !said.contains("/thumbnail.jpg"))
        .toList();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
