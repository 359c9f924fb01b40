package io.sightline.ingestgateway.recordings;

import static io.sightline.ingestgateway.recordings.Recordings.LIMITS;
import static io.sightline.ingestgateway.recordings.Recordings.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.ingestgateway.recordings.Recordings.Epoch;
import io.sightline.records.Clip;
import io.sightline.records.ClipUse;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Keep;
import io.sightline.records.Kept;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Pin;
import io.sightline.records.PluginSpec;
import io.sightline.records.Positions;
import io.sightline.records.RecordingLedger;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.Records;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which clips go, and all that goes with them, on real SQLite and disk. */
class ClipRemovalTest {

  private static final PluginSpec OPTIMIZER = new PluginSpec("quiet-marks");

  private static final long IN_2017 = 1_500_000_000_000_000L;
  private static final Duration NEXT_WALK = Duration.ofMinutes(2);
  private static final int CHUNKS = 7;
  private static final long SIZE = 1_000_000;

  private static Recordings recordings;
  private static int names;

  private final Rules rules = new Rules();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private String stream;
  private Epoch epoch;
  private Retention retention;

  @BeforeAll
  static void open() {
    recordings = new Recordings();
  }

  @AfterAll
  static void close() {
    recordings.close();
  }

  @BeforeEach
  void name() {
    stream = "c" + ++names;
    epoch = new Epoch(stream, "live", IN_2017);
    setNow(System.currentTimeMillis() * 1_000);
    keep("30d");
  }

  private void keep(String clips) {
    rules.rules.put(stream, new Keep(Keep.FOREVER, Keep.UNLIMITED, clips));
  }

  @Test
  void olderThanTheRule_isMarkedFirst_thenGoesWithAllThatIsOfIt() {
    Clip clip = clip(segment(0, 1, false), 1);
    rendition(clip, "vertical");
    Clip young = clip(segment(60, 1, false), 1);
    advance(Duration.ofDays(29));
    walk();
    assertThat(clips()).containsExactly(clip, young);

    store(young = withCreated(young, now()));
    advance(Duration.ofDays(1));
    walk();
    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE, MediaState.READY);
    assertThat(clips().get(0).indexKey()).isNotNull();
    assertThat(objects(clip.id())).hasSize(2);

    advance(NEXT_WALK);
    walk();

    Clip left = clips().get(0);
    assertThat(left.state()).isEqualTo(MediaState.GONE);
    assertThat(left.indexKey()).isNull();
    assertThat(left.mp4Key()).isNull();
    assertThat(clips().get(1)).isEqualTo(young);
    assertThat(objects(clip.id())).isEmpty();
    assertThat(objects(Ids.withoutRendition(clip.id()) + ".vertical")).isEmpty();
    assertThat(all(Rendition.class, StoreKeys.renditions(stream))).isEmpty();
    assertThat(all(Pin.class, StoreKeys.pins(stream)))
        .extracting(Pin::clip)
        .containsOnly(young.id());
    assertThat(objects(young.id())).hasSize(2);
    assertThat(registry.counter("sightline.clips.removed").count()).isEqualTo(1);
  }

  @Test
  void forever_stays() {
    keep(Keep.FOREVER);
    Clip clip = clip(segment(0, 1, false), 1);

    advance(Duration.ofDays(3_650));
    walk();

    assertThat(clips()).containsExactly(clip);
  }

  @Test
  void keptByAPerson_staysUntilItIsTakenBack() {
    Segment segment = segment(0, 1, false);
    Clip clip = clip(segment, 1);
    Records<Kept> kept = Records.of(recordings.records, Kept.class);
    String sort = StoreKeys.sortOf(segment.id());
    await(kept.put(StoreKeys.kept(stream), sort, new Kept(segment.id(), stream, "ana", 1), null));
    advance(Duration.ofDays(31));
    walk();
    walk();
    assertThat(clips()).containsExactly(clip);

    await(kept.delete(StoreKeys.kept(stream), sort));
    advance(NEXT_WALK);
    walk();

    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE);
  }

  @Test
  void shownByAReplay_staysUntilTheReplayShowsItNoMore() {
    Clip clip = clip(segment(0, 1, false), 1);
    replay("r" + names, 1, MediaState.READY, clip);
    advance(Duration.ofDays(31));
    walk();
    assertThat(clips()).containsExactly(clip);
    assertThat(await(new ReplayUses(recordings.records, now()).of(clip.id())))
        .containsExactly("r" + names);

    replay("r" + names, 2, MediaState.READY);
    advance(NEXT_WALK);
    walk();

    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE);
  }

  @Test
  void shownByAReplayThatWasDeleted_goes() {
    Clip clip = clip(segment(0, 1, false), 1);
    replay("r" + names, 1, MediaState.GONE, clip);

    advance(Duration.ofDays(31));
    walk();

    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE);
  }

  @Test
  void takenByAReplayInTheSameMoment_isOfferedAgain() {
    Clip clip = clip(segment(0, 1, false), 1);
    advance(Duration.ofDays(31));
    walk();
    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE);
    use(clip, "r" + names, now());

    advance(NEXT_WALK);
    walk();

    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.READY);
    assertThat(clips().get(0).indexKey()).isEqualTo(clip.indexKey());
    assertThat(objects(clip.id())).hasSize(2);
  }

  @Test
  void ofASegmentThatWasRemoved_goesAtOnce() {
    keep(Keep.FOREVER);
    Clip clip = clip(segment(0, 2, true), 1);

    walk();
    advance(NEXT_WALK);
    walk();

    assertThat(objects(clip.id())).isEmpty();
    assertThat(clips()).extracting(Clip::state).containsExactly(MediaState.GONE);
  }

  @Test
  void replacedByANewerCut_goesOnceThatIsThere() {
    keep(Keep.FOREVER);
    Segment segment = segment(0, 2, false);
    Clip first = clip(segment, 1);
    advance(Duration.ofMinutes(11));
    walk();
    assertThat(clips()).containsExactly(first);

    Clip second = clip(segment, 2);
    advance(NEXT_WALK);
    walk();
    advance(NEXT_WALK);
    walk();

    assertThat(clips()).last().isEqualTo(second);
    assertThat(objects(first.id())).isEmpty();
    assertThat(objects(second.id())).hasSize(2);
  }

  @Test
  void cutForASoundTrack_staysWhileItsSegmentIsBestCutLikeThat() {
    keep(Keep.FOREVER);
    Segment plain = segment(0, 3, false);
    Clip original = clip(plain, 2);
    Clip first = optimizedClip(plain, 1, 3);
    Clip second = optimizedClip(plain, 2, 3);
    store(optimized(plain, 3, 1, 2));
    advance(Duration.ofMinutes(11));
    walk();
    assertThat(clips()).containsExactlyInAnyOrder(original, first, second);

    // The segment was trimmed, and for the second track its own marks are the best now.
    store(plain.with(OptimizedMarks.toCome(OPTIMIZER, 4), 4));
    advance(NEXT_WALK);
    walk();
    assertThat(clips()).extracting(Clip::state).containsOnly(MediaState.READY);
    store(optimized(plain, 5, 1));
    Clip trimmed = clip(plain, 4);
    Clip anew = optimizedClip(plain, 1, 5);
    advance(NEXT_WALK);
    walk();
    advance(NEXT_WALK);
    walk();

    assertThat(clips().stream().filter(clip -> clip.state() == MediaState.READY))
        .containsExactlyInAnyOrder(trimmed, anew);
    for (Clip gone : List.of(original, first, second)) {
      assertThat(objects(gone.id())).isEmpty();
    }
  }

  @Test
  void cutForASoundTrack_ofASegmentThatWasRemoved_goesWithIt() {
    keep(Keep.FOREVER);
    Segment plain = segment(0, 4, true);
    Clip clip = optimizedClip(plain, 1, 3);

    walk();
    advance(NEXT_WALK);
    walk();

    assertThat(objects(clip.id())).isEmpty();
    assertThat(all(Pin.class, StoreKeys.pins(stream))).isEmpty();
  }

  private static OptimizedTrack marks(Segment segment, int track) {
    return new OptimizedTrack(
        track,
        segment.startMicros() - 500_000,
        segment.endMicros(),
        MarkMove.MOVED,
        null,
        MarkMove.ALREADY_QUIET,
        null);
  }

  private static Segment optimized(Segment segment, int revision, int... tracks) {
    List<OptimizedTrack> moved =
        IntStream.of(tracks).mapToObj(track -> marks(segment, track)).toList();
    return segment.with(
        new OptimizedMarks(OPTIMIZER, revision - 1, revision, moved, null), revision);
  }

  private void store(Segment segment) {
    await(
        Records.of(recordings.records, Segment.class)
            .put(StoreKeys.segments(stream), StoreKeys.sortOf(segment.id()), segment, null));
  }

  private Clip optimizedClip(Segment segment, int track, int revision) {
    String id = Ids.clip(segment.id(), ClipVariant.OPTIMIZED, track, revision, "source");
    OptimizedTrack marks = marks(segment, track);
    return clip(id, segment.id(), ClipVariant.OPTIMIZED, track, marks.startMicros(), revision);
  }

  @Test
  void cutForAReplayAlone_goesWithoutATrace_soThatItCanBeCutAgain() {
    keep(Keep.FOREVER);
    String id = Ids.cut(stream, "live", IN_2017 + 1_000_000, IN_2017 + 3_000_000);
    Clip cut = clip(id, IN_2017 + 1_000_000, 1);
    advance(Duration.ofMinutes(30));
    walk();
    assertThat(clips()).containsExactly(cut);

    advance(Duration.ofMinutes(31));
    walk();
    advance(NEXT_WALK);
    walk();

    assertThat(clips()).isEmpty();
    assertThat(objects(cut.id())).isEmpty();
  }

  @Test
  void chunksThatOnlyItHeld_goAfterIt_withTheirEpochsFolder() {
    rules.rules.put(stream, new Keep("1d", Keep.UNLIMITED, "30d"));
    StreamLedger ledger = recorded(recordings, epoch);
    Clip clip = clip(segment(2, 1, false), 1);
    Clip longer = clip(segment(4, 1, false), 1);
    pin(clip, 2, 3);
    pin(longer, 3, 5);
    advance(Duration.ofDays(2));
    turns(ledger, 4);
    assertThat(sequences()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(recordings.ledger(stream).pinnedChunks()).isEqualTo(4);

    store(withCreated(longer, now()));
    advance(Duration.ofDays(29));
    turns(ledger, 1);
    advance(NEXT_WALK);
    turns(ledger, 2);
    assertThat(sequences()).containsExactly(3L, 4L, 5L);
    assertThat(recordings.ledger(stream).pinnedChunks()).isEqualTo(3);
    assertThat(recordings.ledger(stream).pinnedBytes()).isEqualTo(3 * SIZE);
    assertThat(recordings.keys(stream)).contains(epoch.initKey());

    advance(Duration.ofDays(2));
    turns(ledger, 1);
    advance(NEXT_WALK);
    turns(ledger, 2);

    assertThat(recordings.chunks(stream)).isEmpty();
    assertThat(recordings.keys(stream)).isEmpty();
    RecordingLedger settled = recordings.ledger(stream);
    assertThat(settled.pinnedChunks()).isZero();
    assertThat(settled.pinnedBytes()).isZero();
  }

  @Test
  void killedAfterEachWrite_endsWithTheSame() {
    int writes = 0;
    boolean killed = true;
    while (killed) {
      writes++;
      name();
      rules.rules.put(stream, new Keep("1d", Keep.UNLIMITED, "1d"));
      recorded(recordings, epoch);
      Segment segment = segment(2, 1, false);
      Clip clip = clip(segment, 1);
      rendition(clip, "square");
      pin(clip, 2, 3);
      advance(Duration.ofDays(2));

      CutOff first = new CutOff(recordings.records, recordings.objects, writes);
      run(first);
      killed = first.dead();
      offeredIsThere(clip, writes);
      run(new CutOff(recordings.records, recordings.objects, Long.MAX_VALUE));

      assertThat(clips()).as("after %d writes", writes).hasSize(1);
      assertThat(clips().get(0).indexKey()).isNull();
      assertThat(objects(clip.id())).isEmpty();
      assertThat(objects(Ids.withoutRendition(clip.id()) + ".square")).isEmpty();
      assertThat(all(Rendition.class, StoreKeys.renditions(stream))).isEmpty();
      assertThat(all(Pin.class, StoreKeys.pins(stream))).isEmpty();
      assertThat(recordings.chunks(stream)).as("after %d writes", writes).isEmpty();
      assertThat(recordings.keys(stream)).as("after %d writes", writes).isEmpty();
      assertThat(recordings.ledger(stream).pinnedChunks()).isZero();
    }
    assertThat(writes).isGreaterThan(30);
  }

  private void offeredIsThere(Clip clip, int writes) {
    for (Clip one : clips()) {
      if (one.state() == MediaState.READY) {
        assertThat(objects(clip.id())).as("after %d writes", writes).hasSize(2);
        assertThat(sequences()).as("after %d writes", writes).contains(2L, 3L);
      }
    }
  }

  /** A process that expires everything. */
  private void run(CutOff stores) {
    StreamLedger ledger = await(StreamLedger.load(recordings.records, LIMITS, stream));
    Retention retention = retention(stores);
    for (int i = 0; i < 6 && !stores.dead(); i++) {
      await(retention.turn(List.of(ledger)));
      advance(NEXT_WALK);
    }
  }

  /** An epoch that has ended, counted. */
  private StreamLedger recorded(Recordings where, Epoch of) {
    StreamLedger ledger = await(StreamLedger.load(where.records, LIMITS, stream));
    ledger.take(of.begin(), now());
    for (int i = 0; i < CHUNKS; i++) {
      where.store(of.chunk(i, SIZE));
      ledger.take(of.chunk(i, SIZE), now());
    }
    ledger.take(of.end(CHUNKS), now());
    await(ledger.commit());
    return ledger;
  }

  private List<Long> sequences() {
    return recordings.chunks(stream).stream().map(chunk -> chunk.sequence() / 2 - 1).toList();
  }

  private Retention retention(CutOff stores) {
    return new Retention(
        stores.objects,
        stores.records,
        recordings.writer,
        rules,
        new RecordingMeters(registry, List::of),
        LIMITS,
        recordings.clock);
  }

  private void turns(StreamLedger ledger, int turns) {
    if (retention == null) {
      retention = retention(new CutOff(recordings.records, recordings.objects, Long.MAX_VALUE));
    }
    for (int i = 0; i < turns; i++) {
      await(retention.turn(List.of(ledger)));
      advance(LIMITS.grace());
    }
  }

  /** One look at the clips. */
  private void walk() {
    if (retention == null) {
      retention = retention(new CutOff(recordings.records, recordings.objects, Long.MAX_VALUE));
    }
    await(retention.turn(List.of(await(StreamLedger.load(recordings.records, LIMITS, stream)))));
  }

  private void pin(Clip clip, int first, int last) {
    recordings.pin(epoch.chunk(first, SIZE), epoch.chunk(last, SIZE), clip.id());
  }

  private Segment segment(int second, int revision, boolean removed) {
    long start = IN_2017 + second * 2_000_000L;
    Segment segment =
        new Segment(
            Ids.segment(stream, "live", "presence", start),
            stream,
            "live",
            "presence",
            epoch.id(),
            start,
            start + 2_000_000,
            "person",
            null,
            null,
            null,
            removed,
            1,
            revision);
    store(segment);
    return segment;
  }

  private Clip clip(Segment segment, int revision) {
    return clip(segment.id(), segment.startMicros(), revision);
  }

  private Clip clip(String segment, long start, int revision) {
    String id = Ids.clip(segment, ClipVariant.ORIGINAL, 0, revision, "source");
    return clip(id, segment, ClipVariant.ORIGINAL, 0, start, revision);
  }

  /** Of two seconds; one for a sound track is half a second longer. */
  private Clip clip(
      String id, String segment, ClipVariant variant, int track, long start, int revision) {
    long end = start + (variant == ClipVariant.ORIGINAL ? 2_000_000 : 2_500_000);
    String folder = "clips/" + id + "/";
    for (String name : List.of("index.json", "clip.mp4")) {
      await(recordings.objects.put(folder + name, Buffer.buffer("media"), "video/mp4"));
    }
    Pin pin = new Pin(id, "live", start, end, now());
    await(
        Records.of(recordings.records, Pin.class)
            .put(StoreKeys.pins(stream), pin.sortAt(start), pin, null));
    Clip clip =
        new Clip(
            id,
            segment,
            stream,
            "live",
            "person",
            variant,
            track,
            "source",
            revision,
            MediaState.READY,
            start,
            end,
            start,
            end,
            end - start,
            "frame",
            null,
            List.of(),
            folder + "index.json",
            folder + "clip.mp4",
            null,
            null,
            now(),
            1);
    store(clip);
    return clip;
  }

  private static void store(Clip clip) {
    await(
        Records.of(recordings.records, Clip.class)
            .put(StoreKeys.clips(clip.stream()), StoreKeys.sortOf(clip.id()), clip, null));
  }

  private static Clip withCreated(Clip clip, long micros) {
    return new Clip(
        clip.id(),
        clip.segment(),
        clip.stream(),
        clip.run(),
        clip.label(),
        clip.variant(),
        clip.audioTrack(),
        clip.rendition(),
        clip.segmentRevision(),
        clip.state(),
        clip.markInMicros(),
        clip.markOutMicros(),
        clip.startMicros(),
        clip.endMicros(),
        clip.durationMicros(),
        clip.accuracy(),
        clip.note(),
        clip.gaps(),
        clip.indexKey(),
        clip.mp4Key(),
        clip.thumbnailKey(),
        clip.error(),
        micros,
        clip.revision());
  }

  private static void rendition(Clip clip, String name) {
    String id = Ids.withoutRendition(clip.id()) + "." + name;
    String index = "clips/" + id + "/index.json";
    await(recordings.objects.put(index, Buffer.buffer("media"), "video/mp4"));
    await(
        Records.of(recordings.records, Rendition.class)
            .put(
                StoreKeys.renditions(clip.stream()),
                StoreKeys.sortOf(id),
                new Rendition(
                    id,
                    clip.id(),
                    name,
                    clip.stream(),
                    "live",
                    MediaState.READY,
                    360,
                    640,
                    index,
                    null,
                    null,
                    1),
                null));
  }

  private static void use(Clip clip, String replay, long micros) {
    ClipUse use = new ClipUse(clip.id(), replay, micros);
    await(
        Records.of(recordings.records, ClipUse.class)
            .put(StoreKeys.clipUses(clip.stream()), use.sort(), use, null));
  }

  /** A replay of a version, as the replay stage leaves it. */
  private void replay(String id, int version, MediaState state, Clip... shown) {
    int order = 0;
    for (Clip clip : shown) {
      use(clip, id, now());
      ReplayItem item =
          new ReplayItem(
              id, version, stream, clip.segment(), clip.id(), "person", order++, 0, 1, 0, true, "");
      await(
          Records.of(recordings.records, ReplayItem.class)
              .put(StoreKeys.replayItems(id), item.sort(), item, null));
    }
    Replay replay =
        new Replay(
            id,
            "All",
            new ReplayRequest.Selection(List.of(stream), "live", null, null, List.of()),
            state,
            version,
            shown.length,
            1,
            true,
            false,
            null,
            null,
            1,
            1,
            null,
            version);
    await(Records.of(recordings.records, Replay.class).put(StoreKeys.REPLAYS, id, replay, null));
  }

  private List<Clip> clips() {
    return all(Clip.class, StoreKeys.clips(stream));
  }

  private static <T> List<T> all(Class<T> type, String partition) {
    return await(Records.of(recordings.records, type).all(partition, null, null));
  }

  private static List<String> objects(String clip) {
    List<String> keys = new ArrayList<>();
    await(recordings.objects.list("clips/" + clip + "/", null, 100))
        .objects()
        .forEach((ObjectInfo object) -> keys.add(object.key()));
    return keys;
  }

  private static long now() {
    return Positions.of(recordings.clock.instant());
  }

  private static void setNow(long micros) {
    recordings.clock.advance(
        Duration.between(recordings.clock.instant(), Positions.instant(micros)));
  }

  private static void advance(Duration duration) {
    recordings.clock.advance(duration);
  }
}
