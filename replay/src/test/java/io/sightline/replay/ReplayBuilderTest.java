package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.BusConfig;
import io.sightline.bus.BusWriter;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topics;
import io.sightline.bus.Writer;
import io.sightline.bus.testing.TestBroker;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipUse;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rational;
import io.sightline.records.ReelFill;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.sightline.records.SegmentMatch;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
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
    builder = builder(writer);
  }

  private ReplayBuilder builder(Writer used) {
    HeldParts held = new HeldParts(records, Clock.systemUTC());
    return new ReplayBuilder(
        vertx,
        objects,
        records,
        used,
        new StoredFiles(objects, held, TransitionFiles.NONE),
        held,
        Clock.systemUTC());
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

  /** Every clip of a match is news of each replay of its stream; most of them change nothing. */
  @Test
  void build_withoutNews_isAnnouncedOnceByEachProcess() throws Exception {
    List<OutRecord> written = new ArrayList<>();
    Writer counting = counting(written);
    store(1_000_000, 3_000_000);

    for (int process = 1; process <= 2; process++) {
      ReplayBuilder one = builder(counting);
      one.build(REQUEST);
      one.build(REQUEST);
      assertThat(written).extracting(OutRecord::key).hasSize(process).containsOnly("all");
    }
  }

  private Writer counting(List<OutRecord> written) {
    return new Writer() {

      @Override
      public Future<Void> write(OutRecord record) {
        written.add(record);
        return writer.write(record);
      }

      @Override
      public boolean full() {
        return writer.full();
      }

      @Override
      public Future<Void> drained() {
        return writer.drained();
      }
    };
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

  @Test
  void build_killedBeforeTheHeaderOfANewVersion_isThereOnceAfterwards() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 10_000_000);
    Replay before = builder.build(request(1, null));
    Replay lost = builder.build(request(2, longerThan(1.5)));
    await(records.put(StoreKeys.REPLAYS, "all", Json.encode(before), null));
    // Meanwhile there is something else to choose from.
    store(20_000_000, 25_000_000);

    Replay after = builder(writer).build(request(2, longerThan(1.5)));

    assertThat(lost.version()).isEqualTo(2);
    assertThat(after.version()).isEqualTo(2);
    assertThat(after.segments()).isEqualTo(2);
    assertThat(items(2)).extracting(ReplayItem::order).containsExactly(0, -1, 1);
    assertThat(items(1)).extracting(ReplayItem::order).containsExactly(0, 1);
  }

  @Test
  void build_ofOneSoundTrack_hasNoOther_andAnotherTrackIsAnotherVersion() throws Exception {
    store(1_000_000, 3_000_000);
    Replay all = builder.build(request(1, null));
    Replay second = builder.build(ofTrack(2, 2));
    Replay same = builder.build(ofTrack(3, 2));

    assertThat(sounds(all)).hasSize(2);
    assertThat(sounds(second)).containsExactly(sounds(all).get(1));
    assertThat(second.version()).isEqualTo(all.version() + 1);
    assertThat(second.audioTrack()).isEqualTo(2);
    assertThat(items(second.version()).get(0).reason()).endsWith("; its marks are not optimized");
    assertThat(same.version()).isEqualTo(second.version());
  }

  @Test
  void build_ofASoundTrackThatARecordingLacks_playsItsFirstAndSaysSo() throws Exception {
    store(1_000_000, 3_000_000);
    Replay all = builder.build(request(1, null));

    Replay seventh = builder.build(ofTrack(2, 7));

    assertThat(sounds(seventh)).containsExactly(sounds(all).get(0));
    assertThat(items(seventh.version()).get(0).reason())
        .endsWith("; its recording has no sound track 7, its first plays");
  }

  private static ReplayRequest ofTrack(int revision, int track) {
    ReplayRequest plain = request(revision, null);
    return new ReplayRequest(
        plain.replay(),
        plain.kind(),
        plain.title(),
        plain.selection(),
        plain.mp4(),
        plain.by(),
        plain.atMicros(),
        revision,
        null,
        false,
        track);
  }

  private List<String> sounds(Replay replay) throws Exception {
    ClipIndex reel = Json.decode(await(objects.get(replay.indexKey())).getBytes(), ClipIndex.class);
    return reel.tracks().stream()
        .filter(track -> track.kind() == TrackInfo.Kind.AUDIO)
        .map(TrackInfo::initKey)
        .toList();
  }

  @Test
  void build_notesTheClipsThatItShows() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 12_000_000);

    builder.build(REQUEST);

    List<ClipUse> uses =
        await(Records.of(records, ClipUse.class).all(StoreKeys.clipUses("lobby"), null, null));
    assertThat(uses).extracting(ClipUse::replay).containsExactly("all", "all");
    assertThat(uses)
        .extracting(ClipUse::clip)
        .containsExactlyElementsOf(items(1).stream().map(ReplayItem::clip).toList());
  }

  @Test
  void build_clipThatIsNoLongerKept_isOutAndSaysSo() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 12_000_000);
    builder.build(REQUEST);
    Records<Clip> clips = Records.of(records, Clip.class);
    Clip first = await(clips.all(StoreKeys.clips("lobby"), null, null)).get(0);
    await(
        clips.put(
            StoreKeys.clips("lobby"), StoreKeys.sortOf(first.id()), first.withoutMedia(), null));

    Replay after = builder.build(request(2, ReplayRules.ALL));

    assertThat(after.segments()).isEqualTo(1);
    assertThat(items(after.version()).get(0).reason())
        .isEqualTo("it has no clip: it is no longer kept");
  }

  /** Whoever deletes clips marks them first: the replay was chosen before, and looks after. */
  @Test
  void build_clipMarkedWhileTheReplayIsChosen_isNotShown() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 12_000_000);
    ClipUses uses = new ClipUses(records, Clock.systemUTC());
    Records<Clip> clips = Records.of(records, Clip.class);
    List<Clip> both = await(clips.all(StoreKeys.clips("lobby"), null, null));
    List<String> ids = both.stream().map(Clip::id).toList();
    assertThat(uses.hold("all", ids)).isTrue();

    await(
        clips.put(
            StoreKeys.clips("lobby"),
            StoreKeys.sortOf(ids.get(1)),
            both.get(1).as(MediaState.GONE),
            null));

    assertThat(uses.hold("all", ids)).isFalse();
  }

  @Test
  void build_ofManyVersions_keepsTheDecisionsOfTheLastTwo() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 10_000_000);
    builder.build(request(1, null));
    builder.build(request(2, longerThan(1.5)));
    builder.build(request(3, longerThan(0.5)).revised(3));
    builder.build(request(4, longerThan(1.5)));
    Replay last = builder.build(request(5, ReplayRules.ALL));

    assertThat(last.version()).isEqualTo(3);
    assertThat(items(1)).isEmpty();
    assertThat(items(2)).isNotEmpty();
    assertThat(items(3)).hasSize(2);
  }

  @Test
  void build_whenOnlyAReasonChanges_tellsItAndLeavesTheReplay() throws Exception {
    store(1_000_000, 3_000_000);
    store(9_000_000, 10_000_000);
    Replay before = builder.build(request(1, longerThan(1.5)));
    Segment left =
        Json.decode(
            await(
                    records.get(
                        StoreKeys.segments("lobby"),
                        StoreKeys.sortOf(Ids.segment("lobby", "live", "presence", 9_000_000))))
                .value(),
            Segment.class);
    Segment removed =
        new Segment(
            left.id(),
            left.stream(),
            left.run(),
            left.classifier(),
            left.epoch(),
            left.foundStartMicros(),
            left.foundEndMicros(),
            left.foundLabel(),
            null,
            null,
            null,
            true,
            2,
            2);
    await(
        records.put(
            StoreKeys.segments("lobby"), StoreKeys.sortOf(left.id()), Json.encode(removed), null));

    assertThat(builder.build(request(1, longerThan(1.5)))).isEqualTo(before);
    assertThat(items(1)).hasSize(1);
  }

  private List<ReplayItem> items(int version) throws Exception {
    String first = String.format("%06d.", version);
    return await(
        Records.of(records, ReplayItem.class)
            .all(StoreKeys.replayItems("all"), first, first.replace('.', '/')));
  }

  private static ReplayRules longerThan(double seconds) {
    return new ReplayRules(
        ReplayRules.Mode.FEATURES,
        SegmentMatch.between(SegmentMatch.What.DURATION_SECONDS, null, seconds, null),
        null,
        null,
        false,
        false,
        null);
  }

  @Test
  void build_ofTenThousandSegments_choosesAnewAtOnce() throws Exception {
    List<Future<?>> writes = new ArrayList<>();
    String index = index(1_000_000, 3_000_000);
    int count = 10_000;
    for (int i = 0; i < count; i++) {
      writes.add(records(1_000_000L + i * 4_000_000L, 3_000_000L + i * 4_000_000L, index));
      if (writes.size() == 500) {
        await(Future.all(writes));
        writes.clear();
      }
    }
    builder.build(request(1, fill(60)));
    builder.build(request(2, fill(80)));

    long begun = System.nanoTime();
    Replay changed = builder.build(request(3, fill(120)));
    long millis = (System.nanoTime() - begun) / 1_000_000;

    assertThat(changed.segments()).isEqualTo(60);
    assertThat(changed.version()).isEqualTo(3);
    assertThat(
            await(
                Records.of(records, ReplayItem.class)
                    .all(StoreKeys.replayItems("all"), "000003.", "000003/")))
        .hasSize(count);
    // 0.6 s were measured on two busy cores; this would notice one write after another.
    assertThat(millis).isLessThan(5_000);
  }

  private static ReplayRequest request(int revision, ReplayRules rules) {
    return new ReplayRequest(
        "all",
        ReplayRequest.Kind.CHANGE,
        "All",
        REQUEST.selection(),
        false,
        "test",
        1,
        revision,
        rules);
  }

  /** The first in order of time, which is that of ties. */
  private static ReplayRules fill(int seconds) {
    return new ReplayRules(
        ReplayRules.Mode.DURATION,
        null,
        new ReelFill(
            seconds * 1_000_000L,
            0L,
            List.of(new ReelFill.Weight(SegmentMatch.label("person"), 50, null)),
            false,
            true,
            false,
            null),
        null,
        false,
        false,
        null);
  }

  /** A closed segment with its clip. */
  private void store(long start, long end) throws Exception {
    await(records(start, end, index(start, end)));
  }

  /** The key of a clip's media. */
  private String index(long start, long end) throws Exception {
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
            "clip",
            List.of(track, sound(2), sound(3)),
            0,
            List.of(piece(1, start, millis), piece(2, start, millis), piece(3, start, millis)));
    String key = "clips/" + start + "/index.json";
    await(objects.put(key, Buffer.buffer(Json.encode(index)), "application/json"));
    return key;
  }

  private static ClipIndex.Piece piece(int track, long start, long millis) {
    return new ClipIndex.Piece(
        track, "streams/lobby/1.mp4", 0, 100, start, start / 1_000, 0, millis, true);
  }

  private static TrackInfo sound(int track) {
    return new TrackInfo(
        track,
        TrackInfo.Kind.AUDIO,
        "mp4a.40.2",
        "streams/lobby/init-" + track + ".mp4",
        1_000,
        0,
        0,
        0,
        null,
        48_000,
        2,
        null);
  }

  private Future<?> records(long start, long end, String indexKey) {
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
            null,
            1);
    return Future.all(
        records.put(
            StoreKeys.segments("lobby"),
            StoreKeys.sortOf(segment.id()),
            Json.encode(segment),
            null),
        records.put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), Json.encode(clip), null));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
