package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipperConfig;
import io.sightline.clipper.ClipperVerticle;
import io.sightline.clipper.mediaconvert.testing.JobBucket;
import io.sightline.clipper.mediaconvert.testing.MediaConvertServer;
import io.sightline.clipper.mediaconvert.testing.Transcoder;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.Pin;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage with MediaConvert behind it: real broker, real stores, strict server. */
class MediaConvertStageTest {

  private static final String BUCKET = "s3://my-video/";
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final Recording recording = new Recording("lobby");
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;
  private MediaConvertServer server;

  @BeforeEach
  void open() throws Exception {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "no-secret");
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    Path bucket = folder.resolve("objects");
    objects = await(DiskObjectStore.open(vertx, bucket));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    server = new MediaConvertServer(new Transcoder(BUCKET, JobBucket.folder(bucket)));
    recording.add(TestVideo.plain().sound().file());
    recording.writeTo(bucket);
    for (ChunkInfo chunk : recording.chunks()) {
      await(
          Records.of(records, ChunkInfo.class)
              .put(
                  StoreKeys.chunks("lobby"),
                  StoreKeys.sort(chunk.positionMicros(), chunk.run()),
                  chunk,
                  null));
      await(writer.write(OutRecord.of(Topic.CHUNKS, chunk)));
    }
  }

  @AfterEach
  void close() throws Exception {
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    server.close();
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  void segment_becomesAClipThatKeepsNoChunk() throws Exception {
    start();
    write(segment(1, false));

    until(() -> !clips().isEmpty());

    Clip clip = clips().get(0);
    assertThat(clip.error()).isNull();
    assertThat(clip.state()).isEqualTo(MediaState.READY);
    assertThat(clip.note()).contains("encoded by MediaConvert");
    assertThat(TestVideo.frameNumbers(objects.file(clip.mp4Key()).orElseThrow()))
        .startsWith(88)
        .endsWith(154);
    until(() -> pins().isEmpty());
    assertThat(server.breaches()).isEmpty();
  }

  @Test
  void segmentRemovedWhileItsJobRuns_cancelsTheJobAndLeavesNoClip() throws Exception {
    start();
    server.hold(true);
    write(segment(1, false));
    until(() -> server.asked("GET /2017-08-29/jobs/") > 0);

    write(segment(2, true));

    until(() -> server.states().equals(List.of("CANCELED")));
    until(() -> pins().isEmpty());
    assertThat(clips()).isEmpty();
  }

  @Test
  void stageStoppedAndStartedAgain_goesOnWithItsJob() throws Exception {
    String first = start();
    server.hold(true);
    write(segment(1, false));
    until(() -> server.asked("GET /2017-08-29/jobs/") > 0);
    await(vertx.undeploy(first));
    server.hold(false);

    start();

    until(() -> !clips().isEmpty());
    assertThat(clips().get(0).state()).isEqualTo(MediaState.READY);
    assertThat(server.requests()).hasSize(1);
  }

  private String start() throws Exception {
    MediaConvertSettings settings =
        new MediaConvertSettings(
            MediaConvertServer.REGION,
            server.url(),
            "arn:aws:iam::111122223333:role/MediaConvert",
            "highlights",
            BUCKET,
            Quality.SINGLE_PASS,
            MediaConvertSettings.DEFAULT_MAX_BITRATE,
            false,
            null,
            2,
            Duration.ofMillis(100),
            null,
            Map.of(),
            Map.of(),
            null);
    return await(
        vertx.deployVerticle(
            new ClipperVerticle(
                ClipperConfig.DEFAULT,
                bus,
                objects,
                records,
                checkpoints,
                writer,
                new MediaConvert(settings).clips(ClipAccuracy.FRAME))));
  }

  private void write(Segment segment) throws Exception {
    await(writer.write(OutRecord.of(Topic.SEGMENTS, segment.stream(), segment)));
  }

  private List<Clip> clips() throws Exception {
    return await(Records.of(records, Clip.class).all(StoreKeys.clips("lobby"), null, null));
  }

  private List<Pin> pins() throws Exception {
    return await(Records.of(records, Pin.class).all(StoreKeys.pins("lobby"), null, null));
  }

  private static Segment segment(int revision, boolean removed) {
    return new Segment(
        Ids.segment("lobby", "live", "presence", Recording.START + 3_500_000),
        "lobby",
        "live",
        "presence",
        Ids.epoch(Recording.START, "local"),
        Recording.START + 3_500_000,
        Recording.START + 6_200_000,
        "motion",
        null,
        Map.of(),
        null,
        removed,
        revision,
        revision);
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.yield();
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
