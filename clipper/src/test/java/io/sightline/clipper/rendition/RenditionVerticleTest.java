package io.sightline.clipper.rendition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipperConfig;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Box;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Detection;
import io.sightline.records.FrameDetections;
import io.sightline.records.HeldPart;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Point;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionRequest;
import io.sightline.records.RenditionSpec;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage on a real broker and real stores, with clips of known content. */
class RenditionVerticleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final RenditionSpec SMALL = new RenditionSpec("360p", 360, null, null);
  private static final RenditionSpec SQUARE =
      new RenditionSpec("square", 540, RenditionSpec.Aspect.SQUARE, RenditionSpec.Fit.CONTAIN);

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
  void clipThatIsReady_isMadeInEachSizeAndShape() throws Exception {
    start();
    announce(clip(1_000_000));

    Rendition small = made("360p");
    Rendition square = made("square");

    assertThat(List.of(small.width(), small.height())).containsExactly(640, 360);
    assertThat(List.of(square.width(), square.height())).containsExactly(540, 540);
    assertThat(TestVideo.cleanFrameNumbers(objects.file(small.mp4Key()).orElseThrow(), 640, 360))
        .isEqualTo(IntStream.range(25, 75).boxed().toList());
    assertThat(objects.file(square.indexKey())).isPresent();
  }

  @Test
  void clipToldAgainAfterAStartFromNothing_isNotMadeAgain() throws Exception {
    String first = start();
    Clip clip = clip(1_000_000);
    announce(clip);
    Rendition square = made("square");
    Instant before = await(objects.head(square.mp4Key())).modified();
    await(vertx.undeploy(first));
    start();
    announce(clip);
    Clip next = clip(1_040_000);
    announce(next);

    Rendition later = await(next.id().replace(".source", ".square"));

    assertThat(later.state()).isEqualTo(MediaState.READY);
    assertThat(await(objects.head(square.mp4Key())).modified()).isEqualTo(before);
    assertThat(all()).hasSize(4);
  }

  @Test
  void clipThatHasGoneMeanwhile_leavesNothing() throws Exception {
    start();
    Clip gone = clip(1_000_000);
    store(gone.as(MediaState.GONE));
    announce(gone);
    Clip next = clip(1_040_000);
    announce(next);

    await(next.id().replace(".source", ".square"));

    assertThat(all()).extracting(Rendition::clip).containsOnly(next.id());
    assertThat(
            await(objects.list("clips/" + gone.id().replace(".source", ""), null, 100)).objects())
        .extracting(ObjectInfo::key)
        .allMatch(key -> key.startsWith("clips/" + gone.id() + "/"));
  }

  @Test
  void clipThatCannotBeRendered_saysWhy_andHoldsUpNoOther() throws Exception {
    start();
    Clip broken = clip(1_000_000);
    ClipIndex none = new ClipIndex(broken.id(), List.of(), 0, List.of());
    new ClipFolder(vertx, objects, broken.id()).index(none);
    announce(broken);
    announce(clip(1_040_000));

    Rendition failed = await(broken.id().replace(".source", ".360p"));
    Rendition good = made("360p");

    assertThat(failed.state()).isEqualTo(MediaState.FAILED);
    assertThat(failed.error()).contains("no pictures");
    assertThat(good.state()).isEqualTo(MediaState.READY);
  }

  @Test
  void clipOfBefore_isMadeWhenSomebodyAsks_andWhatFailedIsTriedAgain() throws Exception {
    Clip clip = clip(1_000_000);
    byte[] index = await(objects.get(clip.indexKey())).getBytes();
    new ClipFolder(vertx, objects, clip.id())
        .index(new ClipIndex(clip.id(), List.of(), 0, List.of()));
    BlockingQueue<Rendition> told = new LinkedBlockingQueue<>();
    LiveReader reader =
        LiveReader.start(
            vertx, bus, Set.of(Topic.RENDITIONS), record -> told.add(record.as(Rendition.class)));
    await(reader.ready());
    start();

    ask(clip.id());
    Rendition failed = await(clip.id().replace(".source", ".square"));
    assertThat(failed.state()).isEqualTo(MediaState.FAILED);
    await(objects.put(clip.indexKey(), Buffer.buffer(index), "application/json"));
    // What failed stays as it is until somebody asks.
    announce(clip);
    ask(clip.id());
    Rendition square = made("square");
    assertThat(square.revision()).isEqualTo(2);
    Instant first = await(objects.head(square.mp4Key())).modified();
    ask(clip.id());
    ask("lobby.live.presence.1000000000000000.original.0.r1.source");
    Clip next = clip(1_040_000);
    ask(next.id());
    await(next.id().replace(".source", ".square"));

    assertThat(await(objects.head(square.mp4Key())).modified()).isEqualTo(first);
    assertThat(all()).hasSize(4).allMatch(Rendition::ready);
    assertThat(told)
        .extracting(one -> one.id() + " " + one.state())
        .contains(square.id() + " FAILED", square.id() + " READY");
    await(reader.close());
  }

  @Test
  void partOfAReel_isMadeAsItsClipIs_andGoesWithIt() throws Exception {
    start();
    Clip clip = clip(1_000_000);
    HeldPart held = HeldPart.ofPart("clips/" + clip.id() + "/faded-1", 1);
    hold(held);
    ReelPartOrder.Fade fade = new ReelPartOrder.Fade(400_000, 0, null);
    ClipFolder made = ClipFolder.at(vertx, objects, ReelPart.folder(held.key()), () -> false);
    ReelPart part =
        EncodedPart.make(
            new ReelPartOrder(held.key(), clip.indexKey(), fade, fade, null),
            made.bytes(),
            made::put);
    made.put("part.json", Json.encode(part), "application/json");
    // Nothing came of this one, and of that nothing is there: both hold up no other.
    HeldPart broken = HeldPart.ofPart("clips/" + clip.id() + "/faded-2", 1);
    hold(broken);
    await(
        objects.put(
            broken.key(),
            Buffer.buffer(Json.encode(ReelPart.failed("it is of wood"))),
            "application/json"));
    HeldPart missing = HeldPart.ofPart("clips/" + clip.id() + "/faded-3", 1);
    hold(missing);

    for (HeldPart one : List.of(broken, missing, held)) {
      askFor(one.key());
    }

    Rendition square = await(Rendition.idOf(held.key(), "square"));
    assertThat(all()).extracting(Rendition::media).containsOnly(held.key());
    assertThat(square.clip()).isEqualTo(clip.id());
    assertThat(List.of(square.width(), square.height())).containsExactly(540, 540);
    Rendition small = await(Rendition.idOf(held.key(), "360p"));
    ReelPart rendered =
        Json.decode(await(objects.get(small.indexKey())).getBytes(), ReelPart.class);
    Path hls = Files.createDirectory(folder.resolve("hls"));
    HlsExport.write(rendered.last(), made.bytes(), hls);
    assertThat(TestVideo.cleanFrameNumbers(hls.resolve("master.m3u8"), 640, 360))
        .hasSize(50)
        .endsWith(72, 73, 74);
    // Asked for again after it was deleted, nothing comes back.
    hold(held.as(HeldPart.State.GOING));
    made.delete();
    for (Rendition one : all()) {
      await(records.delete(Rendition.partition(one.media()), one.sort()));
    }
    askFor(held.key());
    announce(clip);
    made("square");
    assertThat(all()).extracting(Rendition::media).containsOnly(clip.id());
    assertThat(await(objects.list(ReelPart.folder(held.key()), null, 10)).objects()).isEmpty();
  }

  private void hold(HeldPart part) throws Exception {
    await(Records.of(records, HeldPart.class).put(StoreKeys.HELD_PARTS, part.id(), part, null));
  }

  private void askFor(String part) throws Exception {
    await(
        writer.write(
            OutRecord.of(
                Topic.RENDITION_REQUESTS,
                "lobby",
                RenditionRequest.ofPart(part, "lobby", "ana", 1))));
  }

  /** The box of the film crosses it from side to side, which a crop in the middle does not show. */
  @Test
  void renditionThatFollows_movesWithWhatWasDetectedInTheClipsRun() throws Exception {
    for (int frame = 0; frame < 20; frame++) {
      double second = frame / 5.0;
      Detection box = Detection.of("model", "person", 80, boxAt(second));
      Detection dog = Detection.of("model", "dog", 99, boxAt(6 - second));
      store(frame, "live", second < 2 ? List.of(dog) : List.of(dog, box));
      store(frame, "trial", List.of(Detection.of("model", "person", 99, boxAt(6 - second))));
    }
    RenditionSpec.Aspect tall = RenditionSpec.Aspect.VERTICAL;
    RenditionSpec.Fit cover = RenditionSpec.Fit.COVER;
    start(
        ClipperConfig.DEFAULT.with(
            List.of(
                new RenditionSpec("followed", 360, tall, cover, true, null),
                new RenditionSpec("still", 360, tall, cover, false, null))));
    announce(clip(2_000_000));

    double[] followed = redAcross(made("followed"));
    double[] still = redAcross(made("still"));

    assertThat(followed).hasSize(50);
    assertThat(still).hasSize(50);
    for (int picture = 0; picture < 50; picture++) {
      Box box = boxAt(2 + picture / 25.0);
      double middle = box.left() + box.width() / 2;
      assertThat(followed[picture]).as("whether it is seen in picture %d", picture).isNotNaN();
      // Nearer to the sides the crop comes to rest.
      if (middle > 0.3 && middle < 0.65) {
        assertThat(followed[picture]).as("picture %d", picture).isCloseTo(0.5, within(0.07));
      }
      if (box.left() + box.width() < 0.33 || box.left() > 0.67) {
        assertThat(still[picture]).as("picture %d", picture).isNaN();
      }
    }
  }

  /** Where the box of the film is, from its second to its fourth second. */
  private static Box boxAt(double second) {
    double width = 1 / 6.0;
    return new Box(Math.max(0, Math.min(1, (second - 2) / 2)) * (1 - width), 0.5, width, 1 / 3.0);
  }

  private void store(int frame, String run, List<Detection> seen) throws Exception {
    long position = Recording.START + frame * 200_000L;
    FrameDetections detections =
        new FrameDetections(
            "lobby",
            Ids.epoch(Recording.START, "local"),
            run,
            frame,
            position,
            position,
            960,
            540,
            seen,
            null,
            null,
            false);
    await(
        Records.of(records, FrameDetections.class)
            .put(StoreKeys.frames("lobby"), StoreKeys.sort(position, run), detections, null));
  }

  /** The middle of what is red in each picture, as a part of its width; NaN without anything. */
  private double[] redAcross(Rendition rendition) {
    int width = rendition.width();
    int height = rendition.height();
    byte[] pixels =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    objects.file(rendition.mp4Key()).orElseThrow().toString(),
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "rgb24",
                    "-"))
            .output();
    double[] middles = new double[pixels.length / 3 / width / height];
    for (int picture = 0; picture < middles.length; picture++) {
      double sum = 0;
      int count = 0;
      for (int at = 0; at < width * height; at++) {
        int red = 3 * (picture * width * height + at);
        if ((pixels[red] & 0xff) - (pixels[red + 1] & 0xff) > 60) {
          sum += (at % width + 0.5) / width;
          count++;
        }
      }
      middles[picture] = sum / count;
    }
    return middles;
  }

  private void ask(String clip) throws Exception {
    RenditionRequest request = new RenditionRequest(clip, "lobby", "ana", 1);
    await(writer.write(OutRecord.of(Topic.RENDITION_REQUESTS, "lobby", request)));
  }

  @Test
  void stoppedInTheMiddle_leavesTheRestToTheNextStart() throws Exception {
    String first = start();
    int clips = 8;
    for (int clip = 0; clip < clips; clip++) {
      announce(clip(1_000_000 + clip * 40_000));
    }
    made("360p");

    await(vertx.undeploy(first));

    assertThat(all()).hasSizeLessThan(2 * clips);
    start();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (all().size() < 2 * clips && System.nanoTime() < deadline) {
      Thread.yield();
    }
    assertThat(all()).hasSize(2 * clips).allMatch(one -> one.state() == MediaState.READY);
  }

  @Test
  void encoderThatTheMachineDoesNotHave_isStoodInFor_andTheNoteSaysSo() throws Exception {
    Assumptions.assumeFalse(Files.exists(Path.of("/dev/dri")), "This machine may have VAAPI");
    start(ClipperConfig.DEFAULT.with(List.of(SMALL)).with(VideoEncoder.VAAPI));
    announce(clip(1_000_000));

    Rendition small = made("360p");

    assertThat(small.note())
        .startsWith("is encoded by libopenh264, for h264_vaapi cannot be used here: ")
        .contains("There is no VAAPI device");
    assertThat(TestVideo.cleanFrameNumbers(objects.file(small.mp4Key()).orElseThrow(), 640, 360))
        .hasSize(50);
  }

  @Test
  void whatWasSeenInTurnedFrames_isInTheMiddleOfWhatFollowsIt() throws Exception {
    RenditionSpec followed =
        new RenditionSpec(
            "followed", 540, RenditionSpec.Aspect.SQUARE, RenditionSpec.Fit.COVER, true, null);
    Clip clip = clip(2_000_000);
    for (int n = 0; n <= 10; n++) {
      long position = clip.startMicros() + n * 200_000L;
      // The light box goes from the left to the right, and people see the stream on its side.
      Point seen = new Point(1 / 12.0 + n / 10.0 * 5 / 6, 2 / 3.0).turned(90);
      Box box = new Box(seen.x() - 0.05, seen.y() - 0.05, 0.1, 0.1);
      FrameDetections frame =
          new FrameDetections(
              "lobby",
              Ids.epoch(Recording.START, "local"),
              "live",
              n,
              position,
              position,
              360,
              640,
              List.of(Detection.of("model", "person", 90, box)),
              null,
              null,
              false,
              90);
      await(
          Records.of(records, FrameDetections.class)
              .put(StoreKeys.frames("lobby"), StoreKeys.sort(position, "live"), frame, null));
    }
    start(ClipperConfig.DEFAULT.with(List.of(followed)));
    announce(clip);

    Path mp4 = objects.file(made("followed").mp4Key()).orElseThrow();

    // All of it is in each picture: from the start on, and also at its end.
    assertThat(lightColumns(mp4)).hasSize(50).allMatch(columns -> columns >= 150);
  }

  /** Of each picture, how many columns of its row at two thirds are as light as the box. */
  private static List<Integer> lightColumns(Path mp4) {
    byte[] luma =
        FfmpegProgram.ffmpeg(
                List.of("-i", mp4.toString(), "-f", "rawvideo", "-pix_fmt", "gray", "-"))
            .output();
    int side = 540;
    List<Integer> columns = new ArrayList<>();
    for (int picture = 0; (picture + 1) * side * side <= luma.length; picture++) {
      int row = picture * side * side + side * 2 / 3 * side;
      columns.add((int) IntStream.range(0, side).filter(x -> (luma[row + x] & 0xff) > 170).count());
    }
    return columns;
  }

  private String start() throws Exception {
    return start(ClipperConfig.DEFAULT.with(List.of(SMALL, SQUARE)));
  }

  private String start(ClipperConfig config) throws Exception {
    return await(
        vertx.deployVerticle(
            new RenditionVerticle(config, bus, objects, records, checkpoints, writer)));
  }

  private void announce(Clip clip) throws Exception {
    await(writer.write(OutRecord.of(Topic.CLIPS, clip.stream(), clip)));
  }

  /** Two seconds, cut as the clipper cuts them. */
  private Clip clip(long start) throws Exception {
    Recording recording =
        new Recording("lobby").add(TestVideo.plain().size(960, 540).pictures(100).file());
    long markIn = Recording.START + start;
    long markOut = markIn + 2_000_000;
    String segment = Ids.segment("lobby", "live", "presence", markIn);
    String id = Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, RenditionSpec.SOURCE);
    CutResult cut = Cut.exact(id, recording.chunks(), markIn, markOut, recording, recording);
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      await(objects.put(object.getKey(), Buffer.buffer(object.getValue()), "video/mp4"));
    }
    ClipFolder clips = new ClipFolder(vertx, objects, id);
    String indexKey = clips.index(cut.index());
    Clip clip =
        new Clip(
            id,
            segment,
            "lobby",
            "live",
            "person",
            ClipVariant.ORIGINAL,
            0,
            RenditionSpec.SOURCE,
            1,
            MediaState.READY,
            markIn,
            markOut,
            markIn,
            markOut,
            2_000_000,
            "frame",
            null,
            List.of(),
            indexKey,
            null,
            null,
            null,
            null,
            1);
    store(clip);
    return clip;
  }

  private void store(Clip clip) throws Exception {
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(clip.id()), clip, null));
  }

  private Rendition made(String name) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Rendition one : all()) {
        if (one.name().equals(name) && one.state() == MediaState.READY) {
          return one;
        }
      }
      Thread.yield();
    }
    throw new AssertionError("No rendition " + name + " after " + PATIENCE);
  }

  private Rendition await(String id) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      for (Rendition one : all()) {
        if (one.id().equals(id)) {
          return one;
        }
      }
      Thread.yield();
    }
    throw new AssertionError("No rendition " + id + " after " + PATIENCE);
  }

  private List<Rendition> all() throws Exception {
    return await(
        Records.of(records, Rendition.class).all(StoreKeys.renditions("lobby"), null, null));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
