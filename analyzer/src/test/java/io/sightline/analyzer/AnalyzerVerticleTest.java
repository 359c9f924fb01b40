package io.sightline.analyzer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.analyzer.motion.MotionPlugin;
import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.LiveReader;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.FrameDetections;
import io.sightline.records.FrameInfo;
import io.sightline.records.KeepFrames;
import io.sightline.records.Lane;
import io.sightline.records.Marker;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.StreamItem;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Vertx;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzerVerticleTest {

  private static final long START = 1_700_000_000_000_000L;
  private static final List<String> STREAMS = List.of("lobby", "yard", "dock");
  private static final int FRAMES = 30;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final BusConfig bus = TestBroker.shared().config();
  private final MemoryCheckpoints checkpoints = new MemoryCheckpoints();
  private final AnalyzerPlugins plugins =
      new AnalyzerPlugins(
          List.of(TestAnalyzers.tally(), TestAnalyzers.reader(), new MotionPlugin()));
  private final BlockingQueue<StreamItem> read = new LinkedBlockingQueue<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private BusWriter writer;
  private LiveReader reader;
  private DiskObjectStore objects;
  private SqliteRecordStore records;

  @BeforeEach
  void open() throws Exception {
    Topics.ensure(vertx, bus).await(60, SECONDS);
    writer = BusWriter.open(vertx, bus).await(60, SECONDS);
    objects = DiskObjectStore.open(vertx, folder.resolve("objects")).await(30, SECONDS);
    records = SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, SECONDS);
    reader =
        LiveReader.start(vertx, bus, Set.of(Topic.DETECTIONS), record -> read.add(record.item()));
    reader.ready().await(60, SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    for (String deployed : vertx.deploymentIDs()) {
      vertx.undeploy(deployed).await(60, SECONDS);
    }
    reader.close().await(30, SECONDS);
    writer.close().await(30, SECONDS);
    objects.close().await(30, SECONDS);
    records.close().await(30, SECONDS);
    vertx.close().await(30, SECONDS);
    plugins.close();
  }

  @Test
  void stage_threeStreamsAcrossARestart_givesEachFrameOnceInOrder() throws Exception {
    for (String stream : STREAMS) {
      write(marker(stream, Marker.Kind.EPOCH_BEGIN), new byte[0]);
    }
    for (int frame = 0; frame < FRAMES; frame++) {
      for (String stream : STREAMS) {
        // One in ten is garbage, which must not stop anything.
        write(frame(stream), frame % 10 == 7 ? "garbage".getBytes() : jpeg(frame));
      }
    }
    String first = vertx.deployVerticle(verticle()).await(60, SECONDS);
    List<StreamItem> all = new ArrayList<>(take(STREAMS.size() * (FRAMES / 2)));
    vertx.undeploy(first).await(60, SECONDS);
    for (String stream : STREAMS) {
      write(marker(stream, Marker.Kind.EPOCH_END), new byte[0]);
    }
    vertx.deployVerticle(verticle()).await(60, SECONDS);
    all.addAll(take(STREAMS.size() * (FRAMES + 2) - all.size()));

    for (String stream : STREAMS) {
      List<StreamItem> items = all.stream().filter(item -> item.stream().equals(stream)).toList();
      assertThat(items).hasSize(FRAMES + 2);
      for (int i = 0; i < items.size(); i++) {
        assertThat(items.get(i).sequence()).isEqualTo(i);
      }
      List<FrameDetections> found =
          items.stream()
              .filter(FrameDetections.class::isInstance)
              .map(FrameDetections.class::cast)
              .toList();
      for (int frame = 0; frame < FRAMES; frame++) {
        boolean garbage = frame % 10 == 7;
        assertThat(found.get(frame).error() != null).as("error of %d", frame).isEqualTo(garbage);
        assertThat(found.get(frame).detections())
            .filteredOn(detection -> detection.label().equals("count"))
            .singleElement()
            .extracting(detection -> detection.attributes().get("count"))
            .isEqualTo(frame + 1);
      }
      assertThat(found.stream().anyMatch(AnalyzerVerticleTest::seesMotion)).isTrue();
    }
    assertThat(read).isEmpty();
  }

  private AnalyzerVerticle verticle() {
    return new AnalyzerVerticle(
        AnalyzerConfig.DEFAULTS,
        bus,
        plugins,
        objects,
        records,
        writer,
        checkpoints,
        Zones.NONE,
        Clock.systemUTC());
  }

  private List<StreamItem> take(int count) throws InterruptedException {
    List<StreamItem> items = new ArrayList<>();
    while (items.size() < count) {
      StreamItem item = read.poll(60, SECONDS);
      assertThat(item).as("item %d of %d", items.size(), count).isNotNull();
      items.add(item);
    }
    return items;
  }

  private static boolean seesMotion(FrameDetections frame) {
    return frame.detections().stream().anyMatch(d -> d.label().equals("motion"));
  }

  private void write(StreamItem item, byte[] content) throws Exception {
    writer.write(OutRecord.frame(item, content)).await(30, SECONDS);
  }

  private Marker marker(String stream, Marker.Kind kind) {
    Profile profile =
        new Profile(
            "p",
            null,
            KeepFrames.DETECTIONS,
            List.of(new PluginSpec("motion"), new PluginSpec("tally")),
            List.of());
    long sequence = next(stream);
    return new Marker(
        kind,
        stream,
        "e1",
        "live",
        sequence,
        START + sequence * 200_000,
        Lane.FRAMES,
        kind == Marker.Kind.EPOCH_BEGIN ? profile : null,
        null,
        0);
  }

  private FrameInfo frame(String stream) {
    long sequence = next(stream);
    return new FrameInfo(
        stream, "e1", "live", sequence, START + sequence * 200_000, 0, 320, 180, 1000, false);
  }

  private long next(String stream) {
    return sequences.merge(stream, 1L, Long::sum) - 1;
  }

  /** A grey room in which something dark walks from the fifteenth frame on. */
  private static byte[] jpeg(int frame) throws Exception {
    BufferedImage image = new BufferedImage(320, 180, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D drawing = image.createGraphics();
    drawing.setColor(Color.LIGHT_GRAY);
    drawing.fillRect(0, 0, 320, 180);
    drawing.setColor(Color.DARK_GRAY);
    if (frame >= 15) {
      drawing.fillRect(frame * 8, 60, 30, 80);
    }
    drawing.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }
}
