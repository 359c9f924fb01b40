package io.sightline.clipper.reelpart;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.clipper.ClipperConfig;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.HeldPart;
import io.sightline.records.Json;
import io.sightline.records.MediaProgress;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.RenditionRequest;
import io.sightline.records.RenditionSpec;
import io.sightline.records.StoreKeys;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker and a real store, with a clip of known content. */
class ReelPartVerticleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ID = "lobby.live.presence.1763700000400000.original.a0.r1.source";
  private static final String CLIP = "clips/" + ID + "/";
  private static final ReelPartOrder.Fade FADE = new ReelPartOrder.Fade(400_000, 0, null);

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private BusConfig bus;
  private BusWriter writer;
  private ObjectStore objects;
  private RecordStore records;

  @BeforeEach
  void open() throws Exception {
    bus = TestBroker.shared().config(1);
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    Recording recording = new Recording("lobby").add(TestVideo.plain().sound().file());
    byte[] index =
        Json.encode(
            Cut.exact(
                    ID,
                    recording.chunks(),
                    Recording.START + 400_000,
                    Recording.START + 4_400_000,
                    recording,
                    recording)
                .index());
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
    put(CLIP + "index.json", index);
  }

  @AfterEach
  void close() throws Exception {
    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }
    await(writer.close());
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }

  @Test
  void clipThatFades_isMadeOnce_alsoWhenItIsAskedForAgain() throws Exception {
    String first = start();
    ask(fades("faded-1"));
    ReelPart part = made("faded-1");
    assertThat(part.error()).isNull();
    assertThat(part.open().pieces()).isNotEmpty();
    assertThat(part.joined().pieces())
        .anyMatch(piece -> piece.key().startsWith(ReelPart.folder(key("faded-1")) + "out-"));
    Instant before = await(objects.head(key("faded-1"))).modified();
    await(vertx.undeploy(first));
    start();

    ask(fades("faded-1"));
    ask(fades("faded-2"));
    ReelPart again = made("faded-2");

    assertThat(again.joined().pieces()).hasSameSizeAs(part.joined().pieces());
    assertThat(await(objects.head(key("faded-1"))).modified()).isEqualTo(before);
  }

  @Test
  void video_isBroughtIntoTheFormOfTheClip() throws Exception {
    byte[] video = Files.readAllBytes(TestVideo.plain().size(160, 90).pictures(30).sound().file());
    put("inserts/1a.video", video);
    start();

    String key = held("inserts/1a-form");
    ask(new ReelPartOrder(key, CLIP + "index.json", null, null, "inserts/1a.video"));

    ReelPart part = partAt(key);
    assertThat(part.error()).isNull();
    assertThat(part.last().tracks()).hasSize(2);
    assertThat(part.last().pieces())
        .allMatch(piece -> piece.key().startsWith(ReelPart.folder(key)));
  }

  @Test
  void whatCannotBeMade_saysWhy() throws Exception {
    put("inserts/2b.video", "no video".getBytes());
    put("inserts/3c.picture", "no picture".getBytes());
    start();
    String key = held("inserts/2b-form");

    ask(new ReelPartOrder(key, CLIP + "index.json", null, null, "inserts/2b.video"));
    ask(
        new ReelPartOrder(
            held(CLIP + "faded-4"),
            CLIP + "index.json",
            null,
            new ReelPartOrder.Fade(400_000, 0, "inserts/3c.picture"),
            null));

    assertThat(partAt(key).error()).isNotBlank();
    assertThat(made("faded-4").error()).isEqualTo("It is neither a PNG nor a JPEG");
  }

  @Test
  void clipThatHasGone_leavesNothing() throws Exception {
    start();
    String gone = "clips/" + ID.replace("r1", "r2") + "/";
    ask(new ReelPartOrder(held(gone + "faded-1"), gone + "index.json", FADE, FADE, null));
    ask(fades("faded-1"));

    made("faded-1");

    assertThat(await(objects.list(gone, null, 10)).objects()).extracting(ObjectInfo::key).isEmpty();
  }

  @Test
  void whatTakesLong_tellsHowFarItIs_untilItIsMade() throws Exception {
    put("inserts/1a.video", Files.readAllBytes(TestVideo.plain().pictures(100).file()));
    List<MediaProgress> told = new ArrayList<>();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    // Each look at the clock sees what was noted before, and takes three seconds.
    InstantSource clock =
        () -> {
          told.addAll(noted());
          return now.updateAndGet(before -> before.plusSeconds(3));
        };
    ReelPartWork work = new ReelPartWork(vertx, objects, records, writer, false, clock);
    String key = held("inserts/1a-form");
    ReelPartOrder insert =
        new ReelPartOrder(key, CLIP + "index.json", null, null, "inserts/1a.video");

    work.make(fades("faded-1"), "lobby");
    work.make(insert, "lobby");

    assertThat(told).extracting(MediaProgress::id).containsOnly(ID);
    assertThat(told)
        .extracting(MediaProgress::doing)
        .contains("fading", "encoding what stands beside it in a replay");
    assertThat(told).extracting(MediaProgress::percent).contains(25, 50, 75);
    assertThat(noted()).isEmpty();
  }

  private List<MediaProgress> noted() {
    try {
      // What was written before is there when this is.
      await(records.put("barrier", "one", new byte[1], null));
      return await(
          Records.of(records, MediaProgress.class)
              .all(StoreKeys.mediaProgress("lobby"), null, null));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a kill does: what was begun and not committed is begun again by whoever goes on. */
  @Test
  void stoppedInTheMiddle_isGoneOnWith() throws Exception {
    String first = start();
    for (int order = 0; order < 6; order++) {
      ask(fades("faded-" + order));
    }
    made("faded-0");
    await(vertx.undeploy(first));
    start();

    for (int order = 0; order < 6; order++) {
      assertThat(made("faded-" + order).error()).isNull();
    }
  }

  @Test
  void partThatWasDeleted_orFileThatIsNotThere_isNotMade() throws Exception {
    start();
    String deleted = held(CLIP + "faded-1");
    HeldPart part = HeldPart.ofPart(CLIP + "faded-1", 1);
    hold(part.as(HeldPart.State.GOING));
    ask(new ReelPartOrder(deleted, CLIP + "index.json", FADE, FADE, null));
    // Made anew after it was deleted, it has another key.
    hold(HeldPart.ofPart(CLIP + "faded-2", 2));
    ask(new ReelPartOrder(key("faded-2"), CLIP + "index.json", FADE, FADE, null));
    ask(
        new ReelPartOrder(
            held("inserts/1a-form"), CLIP + "index.json", null, null, "inserts/no/file"));
    ask(fades("faded-3"));

    made("faded-3");

    assertThat(keys("inserts/")).isEmpty();
    assertThat(keys(CLIP))
        .filteredOn(key -> key.contains("faded-"))
        .allMatch(key -> key.contains("faded-3"));
  }

  @Test
  void partThatIsDeletedWhileItIsMade_leavesNothing() throws Exception {
    ObjectStore real = objects;
    ObjectStore watched =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("put") && arguments[0].equals(key("faded-1"))) {
                    hold(HeldPart.ofPart(CLIP + "faded-1", 1).as(HeldPart.State.GOING));
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    await(vertx.deployVerticle(verticle(ClipperConfig.DEFAULT, watched)));
    ask(fades("faded-1"));
    ask(fades("faded-2"));

    made("faded-2");

    assertThat(keys(CLIP)).noneMatch(key -> key.contains("faded-1"));
  }

  @Test
  void partThatFades_isRenderedWhereRenditionsAreWanted_andOneThatDoesNotIsNot() throws Exception {
    BlockingQueue<RenditionRequest> asked = new LinkedBlockingQueue<>();
    LiveReader reader =
        LiveReader.start(
            vertx,
            bus,
            Set.of(Topic.RENDITION_REQUESTS),
            record -> asked.add(record.as(RenditionRequest.class)));
    await(reader.ready());
    ClipperConfig config =
        ClipperConfig.DEFAULT.with(List.of(new RenditionSpec("360p", 360, null, null)));
    await(vertx.deployVerticle(verticle(config, objects)));
    ask(new ReelPartOrder(held(CLIP + "faded-0"), CLIP + "index.json", null, null, null));
    ask(fades("faded-1"));
    // Whoever made it may have been killed before that was said.
    ask(fades("faded-1"));

    for (int time = 0; time < 2; time++) {
      RenditionRequest request = asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(request).isNotNull();
      assertThat(request.part()).isEqualTo(key("faded-1"));
      assertThat(request.clip()).isEqualTo(ID);
      assertThat(request.stream()).isEqualTo("lobby");
    }
    await(reader.close());
  }

  private ReelPartOrder fades(String name) throws Exception {
    return new ReelPartOrder(held(CLIP + name), CLIP + "index.json", FADE, FADE, null);
  }

  /** Its key, as of one that a replay is about to use. */
  private String held(String id) throws Exception {
    HeldPart part = HeldPart.ofPart(id, 1);
    hold(part);
    return part.key();
  }

  private void hold(HeldPart part) throws Exception {
    await(Records.of(records, HeldPart.class).put(StoreKeys.HELD_PARTS, part.id(), part, null));
  }

  private static String key(String name) {
    return HeldPart.ofPart(CLIP + name, 1).key();
  }

  private List<String> keys(String folder) throws Exception {
    return await(objects.list(folder, null, 100)).objects().stream().map(ObjectInfo::key).toList();
  }

  private String start() throws Exception {
    return await(vertx.deployVerticle(verticle(ClipperConfig.DEFAULT, objects)));
  }

  private ReelPartVerticle verticle(ClipperConfig config, ObjectStore used) {
    return new ReelPartVerticle(config, bus, used, records, checkpoints, writer);
  }

  private void ask(ReelPartOrder order) throws Exception {
    await(writer.write(OutRecord.of(Topic.REEL_PARTS, "lobby", order)));
  }

  private ReelPart made(String name) throws Exception {
    return partAt(key(name));
  }

  private ReelPart partAt(String key) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Buffer> found =
          await(
              objects
                  .get(key)
                  .map(Optional::of)
                  .recover(
                      failure ->
                          failure instanceof StorageException
                              ? Future.succeededFuture(Optional.empty())
                              : Future.failedFuture(failure)));
      if (found.isPresent()) {
        return Json.decode(found.get().getBytes(), ReelPart.class);
      }
      Thread.yield();
    }
    throw new AssertionError("Nobody made " + key);
  }

  private void put(String key, byte[] content) throws Exception {
    await(objects.put(key, Buffer.buffer(content), "video/mp4"));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
