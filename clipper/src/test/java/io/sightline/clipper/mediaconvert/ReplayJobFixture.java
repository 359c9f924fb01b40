package io.sightline.clipper.mediaconvert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.clipper.mediaconvert.testing.JobBucket;
import io.sightline.clipper.mediaconvert.testing.MediaConvertServer;
import io.sightline.clipper.mediaconvert.testing.Transcoder;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayJob;
import io.sightline.records.ReplayJobRequest;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** The stage that encodes replays: real broker, real stores, real SDK, strict server. */
final class ReplayJobFixture implements AutoCloseable {

  static final String REPLAY = "derby";
  static final String BUCKET = "s3://my-video/sightline/";
  static final String CREATE = "POST /2017-08-29/jobs";
  static final String GET = "GET /2017-08-29/jobs/";

  private static final long PATIENCE_SECONDS = 90;

  final MediaConvertServer server;
  final RecordStore records;
  final Path bucket;
  MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  int inputsPerJob = 150;
  URI events;
  private final Vertx vertx = Vertx.vertx();
  private final BusConfig bus;
  private final BusWriter writer;
  private final ObjectStore objects;
  private int revision;

  ReplayJobFixture(Path folder) throws Exception {
    System.setProperty("aws.accessKeyId", "AKIAIOSFODNN7EXAMPLE");
    System.setProperty("aws.secretAccessKey", "no-secret");
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    bucket = folder.resolve("objects");
    objects = await(DiskObjectStore.open(vertx, bucket));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    server = new MediaConvertServer(new Transcoder(BUCKET, JobBucket.folder(bucket)));
  }

  /** Starts the stage; returns what it is stopped by. */
  String start() throws Exception {
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
            List.of(720, 120),
            2,
            events == null ? Duration.ofMillis(100) : Duration.ofMinutes(5),
            events,
            Map.of(),
            Map.of(),
            null);
    return await(
        vertx.deployVerticle(
            new ReplayJobVerticle(
                new MediaConvert(settings, Duration.ofMillis(10), inputsPerJob),
                bus,
                objects,
                records,
                checkpoints,
                writer)));
  }

  void stop(String deployment) throws Exception {
    await(vertx.undeploy(deployment));
  }

  /** A clip as it is cut, of which all objects are there. */
  ClipIndex clip(Recording recording, long in, long out) throws Exception {
    String id = recording.chunks().get(0).stream() + "." + in;
    ClipIndex clip =
        Cut.exact(
                id,
                recording.chunks(),
                Recording.START + in,
                Recording.START + out,
                recording,
                recording)
            .index();
    recording.writeTo(bucket);
    return clip;
  }

  /** A replay of these clips, complete and announced. */
  void replay(int version, ClipIndex... clips) throws Exception {
    ClipIndex reel = Reel.join(REPLAY, List.of(clips));
    String key = "replays/" + REPLAY + "/" + version + "/index-" + clips.length + ".json";
    await(objects.put(key, Buffer.buffer(Json.encode(reel)), "application/json"));
    replay(version, MediaState.READY, true, clips.length, key);
  }

  void replay(int version, MediaState state, boolean complete, int segments, String indexKey)
      throws Exception {
    Replay replay =
        new Replay(
            REPLAY,
            "The derby",
            new ReplayRequest.Selection(List.of("lobby"), null, null, null, null),
            state,
            version,
            segments,
            1,
            complete,
            false,
            indexKey,
            null,
            1,
            1,
            null,
            ++revision);
    await(
        Records.of(records, Replay.class)
            .putNewer(StoreKeys.REPLAYS, REPLAY, replay, Replay::revision, null));
    await(writer.write(OutRecord.of(Topic.REPLAYS, REPLAY, replay)));
  }

  /** As when a replay is deleted. */
  void deleteReplay(int version) throws Exception {
    replay(version, MediaState.GONE, true, 0, null);
    for (String name : names("replays/")) {
      await(objects.delete(name));
    }
  }

  void ask(int version, long atMicros) throws Exception {
    ask(version, ReplayJobRequest.Kind.MAKE, atMicros);
  }

  void ask(int version, ReplayJobRequest.Kind kind, long atMicros) throws Exception {
    ReplayJobRequest request = new ReplayJobRequest(REPLAY, version, kind, "ana", atMicros);
    await(writer.write(OutRecord.of(Topic.REPLAY_JOB_REQUESTS, REPLAY, request)));
  }

  /** The job, once it has ended in any way. */
  ReplayJob ended() throws Exception {
    until(() -> job() != null && job().state() != MediaState.PENDING);
    return job();
  }

  ReplayJob job() throws Exception {
    return await(Records.of(records, ReplayJob.class).find(StoreKeys.REPLAY_JOBS, REPLAY))
        .orElse(null);
  }

  Path file(String key) {
    return bucket.resolve(key);
  }

  /** Keys of what is stored below. */
  List<String> names(String prefix) throws Exception {
    return await(objects.list(prefix, null, 1000)).objects().stream().map(ObjectInfo::key).toList();
  }

  /** What is stored of any job. */
  List<String> ofJobs() throws Exception {
    return names("replays/").stream().filter(name -> name.contains("/job.")).toList();
  }

  static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.yield();
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
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
}
