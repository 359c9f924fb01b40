package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.Topics;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rational;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayBuilderTest {

  private static final ReplayRequest REQUEST =
      new ReplayRequest(
          "all",
          ReplayRequest.Kind.CREATE,
          "All",
          new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
          false,
          "test",
          1,
          1);

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private ObjectStore objects;
  private RecordStore records;
  private BusWriter writer;
  private ReplayBuilder builder;

  @BeforeEach
  void open() throws Exception {
    BusConfig bus = TestBroker.shared().config();
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    await(Topics.ensure(vertx, bus));
    writer = await(BusWriter.open(vertx, bus));
    builder = new ReplayBuilder(vertx, objects, records, writer);
  }

  @AfterEach
  void close() throws Exception {
    await(writer.close().eventually(records::close).eventually(objects::close));
    await(vertx.close());
  }

  @Test
  void build_withoutNews_changesNothing() throws Exception {
    store(1_000_000, 3_000_000);

    Replay first = builder.build(REQUEST);

    assertThat(builder.build(REQUEST)).isEqualTo(first);
  }

  @Test
  void build_killedBetweenItemsAndHeader_showsTheLastClipAfterwards() throws Exception {
    store(1_000_000, 3_000_000);
    Replay before = builder.build(REQUEST);
    store(9_000_000, 12_000_000);
    Replay lost = builder.build(REQUEST);
    await(records.put(StoreKeys.REPLAYS, "all", Json.encode(before), null));

    Replay after = builder.build(REQUEST);

    assertThat(after).isEqualTo(lost);
    assertThat(after.segments()).isEqualTo(2);
    assertThat(after.version()).isEqualTo(before.version());
  }

  /** A closed segment with its clip. */
  private void store(long start, long end) throws Exception {
    Segment segment =
        new Segment(
            Ids.segment("lobby", "live", "presence", start),
            "lobby",
            "live",
            "presence",
            "1700000000000000-local",
            start,
            end,
            "person",
            null,
            Map.of(),
            null,
            false,
            1,
            1);
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "source");
    String indexKey = "clips/" + id + "/index.json";
    TrackInfo track =
        new TrackInfo(
            1,
            TrackInfo.Kind.VIDEO,
            "avc1.64001f",
            "streams/lobby/init.mp4",
            1_000,
            0,
            320,
            180,
            new Rational(25, 1),
            0,
            0,
            null);
    long millis = (end - start) / 1_000;
    ClipIndex index =
        new ClipIndex(
            id,
            List.of(track),
            0,
            List.of(
                new ClipIndex.Piece(
                    1, "streams/lobby/1.mp4", 0, 100, start, start / 1_000, 0, millis, true)));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            "lobby",
            "live",
            "person",
            ClipVariant.ORIGINAL,
            0,
            "source",
            1,
            MediaState.READY,
            start,
            end,
            start,
            end,
            end - start,
            "keyframe",
            null,
            List.of(),
            indexKey,
            null,
            null,
            null,
            1);
    await(objects.put(indexKey, Buffer.buffer(Json.encode(index)), "application/json"));
    String sort = StoreKeys.sortOf(segment.id());
    await(records.put(StoreKeys.segments("lobby"), sort, Json.encode(segment), null));
    await(records.put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), Json.encode(clip), null));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
