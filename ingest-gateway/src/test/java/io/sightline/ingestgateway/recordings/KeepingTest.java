package io.sightline.ingestgateway.recordings;

import static io.sightline.ingestgateway.recordings.Recordings.LIMITS;
import static io.sightline.ingestgateway.recordings.Recordings.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.ingestgateway.recordings.Recordings.Epoch;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochInfo;
import io.sightline.records.Keep;
import io.sightline.records.Positions;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept and what goes, on real Kafka, SQLite and disk; only the clock is moved by hand. */
class KeepingTest {

  private static final long IN_2017 = 1_500_000_000_000_000L;
  private static final long MB = 1_000_000;
  private static final Duration OVER_GRACE = LIMITS.grace().plusSeconds(1);

  private static Recordings recordings;
  private static Recordings.Running running;
  private static int names;

  private final Rules rules = new Rules();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private String stream;
  private Retention retention;

  @BeforeAll
  static void open() {
    recordings = new Recordings();
    running = recordings.start();
  }

  @AfterAll
  static void close() {
    recordings.close();
  }

  @BeforeEach
  void name() {
    stream = "s" + ++names;
    setClock(System.currentTimeMillis() * 1_000);
    retention =
        new Retention(
            recordings.objects,
            recordings.records,
            recordings.writer,
            rules,
            new RecordingMeters(registry, running.stage()::ledgers),
            LIMITS,
            recordings.clock);
  }

  private void keep(String age, String space) {
    rules.rules.put(stream, new Keep(age, space).over(Keep.DEFAULT));
  }

  /** One turn over this test's stream alone. */
  private void turn() {
    await(
        retention.turn(
            running.stage().ledgers().stream()
                .filter(ledger -> ledger.stream().equals(stream))
                .toList()));
  }

  /** Marks what is due, lets the grace pass, and deletes it. */
  private void expire() {
    turn();
    recordings.clock.advance(OVER_GRACE);
    for (int i = 0; i < 20; i++) {
      turn();
    }
  }

  /** Chunks that can be played, by number. */
  private List<Long> left() {
    return recordings.chunks(stream).stream().map(chunk -> chunk.sequence() / 2 - 1).toList();
  }

  private void setClock(long micros) {
    recordings.clock.advance(
        Duration.between(recordings.clock.instant(), Positions.instant(micros)));
  }

  private JsonNode view() {
    return await(new RecordingsView(recordings.records).of(stream, null, 0, null)).orElseThrow();
  }

  private Epoch record(int chunks, long sizeBytes) {
    Epoch epoch = new Epoch(stream, "live", IN_2017 + names * 3_600_000_000L);
    recordings.record(epoch, chunks, sizeBytes);
    recordings.awaitCounted(stream, chunks);
    return epoch;
  }

  @Test
  void age_isCountedFromArrival_notFromPositionsOfThePast() {
    keep("1d", null);
    record(6, MB);

    expire();

    assertThat(left()).hasSize(6);
    assertThat(view().get("bytes").asLong()).isEqualTo(6 * MB);
    assertThat(view().get("oldestArrivalMicros").asLong()).isGreaterThan(1_700_000_000_000_000L);
  }

  @Test
  void age_blocksGoInTheOrderOfTheirArrival_withObjectsAndRecords() {
    keep("1d", null);
    record(7, MB);
    List<RecordedBlock> blocks = recordings.blocks(stream);
    assertThat(blocks).hasSize(3);

    setClock(blocks.get(0).lastArrivalMicros() + 86_400_000_000L);
    long due =
        blocks.stream().filter(b -> b.lastArrivalMicros() <= now() - 86_400_000_000L).count();
    turn();
    RecordingLedger marked = recordings.ledger(stream);
    assertThat(marked.expiring()).hasSize((int) due);
    assertThat(marked.chunks()).isEqualTo(7 - 2 * due);
    assertThat(left()).hasSize(7);
    assertThat(recordings.chunks(stream).stream().filter(marked::hides)).hasSize(2 * (int) due);

    setClock(blocks.get(0).lastArrivalMicros() + 86_400_000_000L + 60_000_000L);
    turn();

    assertThat(left()).hasSize(7 - 2 * (int) due).startsWith(2 * due);
    assertThat(recordings.keys(stream))
        .hasSize(left().size() + 1)
        .noneMatch(key -> key.endsWith("/0000000002.mp4"));
  }

  private static long now() {
    return Positions.of(recordings.clock.instant());
  }

  @Test
  void age_allOfAnEndedEpochGoes_withInitPartsAndWhatWasNeverAnnounced() {
    keep("1d", null);
    Epoch epoch = record(3, MB);
    recordings.store(epoch.chunk(3, MB));
    recordings.announce(epoch.end(4));
    Recordings.until(() -> endedIn(stream), () -> recordings.ledger(stream).toString());
    recordings.clock.advance(Duration.ofDays(2));

    expire();

    assertThat(recordings.chunks(stream)).isEmpty();
    assertThat(recordings.keys(stream)).isEmpty();
    assertThat(recordings.blocks(stream)).isEmpty();
    RecordingLedger ledger = recordings.ledger(stream);
    assertThat(ledger.chunks()).isZero();
    assertThat(ledger.bytes()).isZero();
    assertThat(ledger.expiring()).isEmpty();
    assertThat(view().get("stretches")).isEmpty();
  }

  @Test
  void age_anEpochThatWasStoredButNeverAnnounced_goesWithTheNextOne() {
    keep("1d", null);
    Epoch lost = new Epoch(stream, "live", IN_2017);
    Epoch next = new Epoch(stream, "live", IN_2017 + 3_600_000_000L);
    for (Epoch epoch : List.of(lost, next)) {
      EpochInfo info =
          new EpochInfo(
              stream, epoch.id(), "live", "local", epoch.start(), null, 1, 0, false, null, 0);
      await(
          Records.of(recordings.records, EpochInfo.class)
              .put(StoreKeys.epochs(stream), epoch.id(), info, null));
    }
    recordings.store(lost.chunk(0, MB));
    recordings.record(next, 3, MB);
    recordings.announce(next.end(3));
    recordings.awaitCounted(stream, 3);
    Recordings.until(() -> endedIn(stream), () -> recordings.ledger(stream).toString());
    recordings.clock.advance(Duration.ofDays(2));

    expire();

    assertThat(recordings.chunks(stream)).isEmpty();
    assertThat(recordings.keys(stream)).isEmpty();
  }

  @Test
  void stretch_ofAnEpochThatIsMadeOfABackup_saysSo() {
    Epoch epoch = record(3, MB);
    EpochInfo info =
        new EpochInfo(
            stream,
            epoch.id(),
            "live",
            "local",
            epoch.start(),
            null,
            1,
            0,
            false,
            null,
            0,
            "backup 1 (rtsp://10.0.0.8/main)",
            "the main input is away");
    await(
        Records.of(recordings.records, EpochInfo.class)
            .put(StoreKeys.epochs(stream), epoch.id(), info, null));

    assertThat(view().at("/stretches/0/input").asText())
        .isEqualTo("backup 1 (rtsp://10.0.0.8/main)");
    assertThat(view().at("/stretches/0/because").asText()).isEqualTo("the main input is away");
  }

  private static boolean endedIn(String stream) {
    return recordings.ledger(stream).places().stream().allMatch(RecordingLedger.Place::ended);
  }

  @Test
  void age_initPartsOfAnEpochThatMayGoOn_stay() {
    keep("1d", null);
    Epoch epoch = record(3, MB);
    recordings.clock.advance(Duration.ofDays(2));

    expire();
    assertThat(left()).isEmpty();
    assertThat(recordings.keys(stream)).containsExactly(epoch.initKey());

    recordings.store(epoch.chunk(3, MB));
    recordings.announce(epoch.chunk(3, MB));
    recordings.awaitCounted(stream, 1);
    assertThat(view().at("/stretches/0/startMicros").asLong()).isEqualTo(epoch.start() + 6_000_000);
  }

  @Test
  void age_anEpochThatNeverEnded_isSweptOnceSilentForAMonth() {
    keep("1d", null);
    record(3, MB);
    recordings.clock.advance(Duration.ofDays(31));

    expire();
    recordings.clock.advance(OVER_GRACE);
    turn();

    assertThat(recordings.keys(stream)).isEmpty();
  }

  @Test
  void age_aStreamThatFellSilentWithItsFirstChunk_expiresToo() {
    keep("1d", null);
    record(1, MB);
    turn();
    recordings.clock.advance(Duration.ofMinutes(11));
    turn();
    assertThat(recordings.blocks(stream)).hasSize(1);
    recordings.clock.advance(Duration.ofDays(1));

    expire();

    assertThat(left()).isEmpty();
  }

  @Test
  void space_theOldestGo_untilTheRestFits() {
    keep("forever", "1GB");
    record(7, 200 * MB);

    expire();

    assertThat(left()).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(recordings.ledger(stream).bytes()).isEqualTo(1_000 * MB);
    assertThat(view().at("/stretches/0/chunks").asLong()).isEqualTo(5);
  }

  @Test
  void space_lessThanWhatIsStillOpen_completesThat() {
    keep("forever", "500MB");
    record(3, 600 * MB);

    expire();
    expire();

    assertThat(left()).isEmpty();
    assertThat(recordings.ledger(stream).bytes()).isZero();
  }

  @Test
  void ageAndSpace_bothAreKept() {
    keep("1d", "1GB");
    record(7, 200 * MB);
    expire();
    assertThat(left()).hasSize(5);

    recordings.clock.advance(Duration.ofDays(2));
    expire();

    assertThat(left()).isEmpty();
  }

  @Test
  void rule_changed_holdsForWhatIsThereAlready() {
    keep("forever", null);
    record(6, MB);
    recordings.clock.advance(Duration.ofDays(3));
    expire();
    assertThat(left()).hasSize(6);

    keep("1d", null);
    expire();

    assertThat(left()).isEmpty();
  }

  @Test
  void streamRemoved_itsRecordingsGoByTheRuleThatHeld() {
    keep("10d", null);
    record(6, MB);
    turn();
    rules.rules.remove(stream);
    recordings.clock.advance(Duration.ofDays(9));
    expire();
    assertThat(left()).hasSize(6);
    assertThat(recordings.ledger(stream).keep().age()).isEqualTo("10d");

    recordings.clock.advance(Duration.ofDays(2));
    expire();

    assertThat(left()).isEmpty();
  }

  @Test
  void pinned_outlivesRetention_asAStretchOfItsOwn() {
    keep("1d", null);
    Epoch epoch = record(8, MB);
    ChunkInfo from = epoch.chunk(3, MB);
    ChunkInfo to = epoch.chunk(4, MB);
    recordings.announce(epoch.end(8));
    Recordings.until(() -> endedIn(stream), () -> recordings.ledger(stream).toString());
    recordings.clock.advance(Duration.ofDays(2));
    recordings.pin(from, to, stream + ".live.presence.1500000000000000.original.a0.r1.source");

    expire();

    assertThat(left()).containsExactly(3L, 4L);
    assertThat(recordings.keys(stream))
        .containsExactlyInAnyOrder(epoch.initKey(), from.key(), to.key());
    RecordingLedger ledger = recordings.ledger(stream);
    assertThat(ledger.chunks()).isZero();
    assertThat(ledger.pinnedChunks()).isEqualTo(2);
    assertThat(ledger.pinnedBytes()).isEqualTo(2 * MB);
    JsonNode stretches = view().get("stretches");
    assertThat(stretches).hasSize(1);
    assertThat(stretches.get(0).get("pinned").asBoolean()).isTrue();
    assertThat(stretches.get(0).get("startMicros").asLong()).isEqualTo(from.positionMicros());
    assertThat(stretches.get(0).get("endMicros").asLong()).isEqualTo(to.endMicros());
    assertThat(recordings.chunks(stream)).noneMatch(ledger::hides).allMatch(ledger::hasExpired);
  }

  @Test
  void pinOfAClipThatNeverCame_holdsForADay() {
    keep("3d", null);
    Epoch epoch = record(4, MB);
    recordings.pin(
        epoch.chunk(1, MB),
        epoch.chunk(1, MB),
        stream + ".live.presence.1500000000000000.original.a0.r1.source");
    recordings.clock.advance(Duration.ofDays(4));

    expire();

    assertThat(left()).isEmpty();
    assertThat(recordings.ledger(stream).pinnedChunks()).isZero();
  }

  @Test
  void gapWithinAnEpoch_isTold() {
    keep("forever", null);
    Epoch epoch = new Epoch(stream, "live", IN_2017);
    recordings.announce(epoch.begin());
    LongStream.of(0, 1, 4, 5)
        .mapToObj(number -> epoch.chunk((int) number, MB))
        .forEach(recordings::announce);
    recordings.awaitCounted(stream, 4);

    JsonNode stretches = view().get("stretches");

    assertThat(stretches).hasSize(2);
    assertThat(stretches.get(0).get("endMicros").asLong()).isEqualTo(IN_2017 + 4_000_000);
    assertThat(stretches.get(1).get("startMicros").asLong()).isEqualTo(IN_2017 + 8_000_000);
  }

  @Test
  void turn_deletesABoundedNumberOfChunks() {
    keep("1d", null);
    record(40, MB);
    recordings.clock.advance(Duration.ofDays(2));
    turn();
    recordings.clock.advance(OVER_GRACE);

    turn();

    assertThat(left()).hasSize(40 - LIMITS.chunksPerTurn());
    assertThat(registry.get("sightline.recordings.expired.chunks").counter().count())
        .isEqualTo(LIMITS.chunksPerTurn());
    assertThat(registry.get("sightline.recordings.expired").counter().count())
        .isEqualTo(LIMITS.chunksPerTurn() * (double) MB);
  }

  @Test
  void meters_sayWhatIsKept() {
    record(3, MB);

    double before = registry.get("sightline.recordings.kept").gauge().value();
    assertThat(before).isGreaterThanOrEqualTo(3.0 * MB);
    assertThat(registry.get("sightline.recordings.kept").gauge().getId().getBaseUnit())
        .isEqualTo("bytes");
  }

  @Test
  void runsOfOneStream_expireEachInItsOrder() {
    keep("1d", null);
    Epoch live = new Epoch(stream, "live", IN_2017 + 7_200_000_000L);
    Epoch file = new Epoch(stream, "f-1", IN_2017);
    recordings.record(live, 3, MB);
    recordings.record(file, 3, MB);
    recordings.awaitCounted(stream, 6);
    recordings.announce(live.end(3));
    recordings.announce(file.end(3));
    Recordings.until(() -> endedIn(stream), () -> recordings.ledger(stream).toString());
    assertThat(view().get("stretches")).hasSize(2);
    recordings.clock.advance(Duration.ofDays(2));

    expire();

    assertThat(recordings.keys(stream)).isEmpty();
    assertThat(recordings.chunks(stream)).isEmpty();
    assertThat(
            await(
                Records.of(recordings.records, PinnedBlocks.class)
                    .all(StoreKeys.pinnedRecordings(stream), null, null)))
        .isEmpty();
  }
}
