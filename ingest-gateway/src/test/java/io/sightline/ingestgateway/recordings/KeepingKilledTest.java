package io.sightline.ingestgateway.recordings;

import static io.sightline.ingestgateway.recordings.Recordings.LIMITS;
import static io.sightline.ingestgateway.recordings.Recordings.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.bus.BusException;
import io.sightline.bus.testing.MemoryCheckpoints;
import io.sightline.ingestgateway.recordings.Recordings.Epoch;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Keep;
import io.sightline.records.RecordedBlock;
import io.sightline.records.RecordingLedger;
import io.sightline.records.StreamItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Killed after each single write, and continued: nothing drifts, dangles or is forgotten. */
class KeepingKilledTest {

  private static final int CHUNKS = 7;
  private static final long SIZE = 1_000_000;
  private static final int PINNED = 3;

  private static Recordings recordings;
  private static int names;

  private final Rules rules = new Rules();

  @BeforeAll
  static void open() {
    recordings = new Recordings();
  }

  @AfterAll
  static void close() {
    recordings.close();
  }

  private Epoch epoch() {
    String stream = "k" + ++names;
    rules.rules.put(stream, new Keep("1d", Keep.UNLIMITED));
    recordings.clock.advance(
        Duration.between(recordings.clock.instant(), Instant.ofEpochSecond(1_800_000_000)));
    return new Epoch(stream, "live", 1_500_000_000_000_000L);
  }

  private static List<StreamItem> items(Epoch epoch) {
    List<StreamItem> items = new ArrayList<>();
    items.add(epoch.begin());
    for (int i = 0; i < CHUNKS; i++) {
      items.add(epoch.chunk(i, SIZE));
    }
    items.add(epoch.end(CHUNKS));
    return items;
  }

  /** A process that has all items delivered again, and commits in between. */
  private static StreamLedger count(CutOff stores, Epoch epoch) {
    StreamLedger ledger = await(StreamLedger.load(stores.records, LIMITS, epoch.stream()));
    List<StreamItem> items = items(epoch);
    for (int i = 0; i < items.size(); i++) {
      ledger.take(items.get(i), 1_799_999_000_000_000L + i);
      if (i % 3 == 2) {
        await(ledger.commit());
      }
    }
    await(ledger.commit());
    return ledger;
  }

  /** A process that expires everything. */
  private void expire(CutOff stores, StreamLedger ledger) {
    Retention retention =
        new Retention(
            stores.objects,
            stores.records,
            recordings.writer,
            rules,
            new RecordingMeters(new SimpleMeterRegistry(), List::of),
            LIMITS,
            recordings.clock);
    for (int i = 0; i < 4 && !stores.dead(); i++) {
      await(retention.turn(List.of(ledger)));
      recordings.clock.advance(LIMITS.grace());
    }
  }

  private static CutOff stores(long writes) {
    return new CutOff(recordings.records, recordings.objects, writes);
  }

  @Test
  void counting_killedAfterEachWrite_countsEachChunkOnce() {
    boolean killed = true;
    for (int writes = 1; killed; writes++) {
      Epoch epoch = epoch();
      CutOff first = stores(writes);
      try {
        count(first, epoch);
      } catch (RuntimeException e) {
        assertThat(first.dead()).isTrue();
      }
      killed = first.dead();

      count(stores(Long.MAX_VALUE), epoch);

      RecordingLedger ledger = recordings.ledger(epoch.stream());
      assertThat(ledger.chunks()).as("after %d writes", writes).isEqualTo(CHUNKS);
      assertThat(ledger.bytes()).isEqualTo(CHUNKS * SIZE);
      assertThat(recordings.blocks(epoch.stream()).stream().mapToInt(RecordedBlock::chunks).sum())
          .isEqualTo(CHUNKS);
    }
  }

  @Test
  void expiry_killedAfterEachWrite_endsWithTheSame() {
    boolean killed = true;
    int writes = 0;
    while (killed) {
      writes++;
      Epoch epoch = epoch();
      String stream = epoch.stream();
      for (int i = 0; i < CHUNKS + 1; i++) {
        recordings.store(epoch.chunk(i, SIZE));
      }
      ChunkInfo pinned = epoch.chunk(PINNED, SIZE);
      count(stores(Long.MAX_VALUE), epoch);
      recordings.clock.advance(Duration.ofDays(2));
      recordings.pin(pinned, pinned, stream + ".live.presence.1500000000000000.original.a0.r1.s");

      CutOff first = stores(writes);
      expire(first, await(StreamLedger.load(recordings.records, LIMITS, stream)));
      killed = first.dead();
      nothingOfferedDangles(stream, writes);

      CutOff next = stores(Long.MAX_VALUE);
      // Its checkpoint may be older than what it did: all items come again.
      expire(next, count(next, epoch));
      expire(next, await(StreamLedger.load(recordings.records, LIMITS, stream)));

      RecordingLedger ledger = recordings.ledger(stream);
      assertThat(ledger.chunks()).as("after %d writes", writes).isZero();
      assertThat(ledger.bytes()).isZero();
      assertThat(ledger.pinnedChunks()).isEqualTo(1);
      assertThat(ledger.pinnedBytes()).isEqualTo(SIZE);
      assertThat(ledger.expiring()).isEmpty();
      assertThat(recordings.blocks(stream)).isEmpty();
      assertThat(recordings.chunks(stream)).containsExactly(pinned);
      assertThat(recordings.keys(stream)).containsExactlyInAnyOrder(epoch.initKey(), pinned.key());
    }
    assertThat(writes).isGreaterThan(20);
  }

  private static void nothingOfferedDangles(String stream, int writes) {
    RecordingLedger ledger = recordings.ledger(stream);
    List<String> keys = recordings.keys(stream);
    for (ChunkInfo chunk : recordings.chunks(stream)) {
      if (!ledger.hides(chunk)) {
        assertThat(keys).as("after %d writes", writes).contains(chunk.key());
      }
    }
  }

  @Test
  void stageStartedAgainWithoutItsCheckpoint_countsNothingTwice() {
    Epoch epoch = epoch();
    recordings.record(epoch, CHUNKS, SIZE);
    Recordings.Running first = recordings.start();
    recordings.awaitCounted(epoch.stream(), CHUNKS);
    await(first.reader().stop());

    Recordings.Running second = recordings.start(new MemoryCheckpoints());
    Epoch other = epoch();
    recordings.record(other, 1, SIZE);
    recordings.awaitCounted(other.stream(), 1);
    recordings.announce(epoch.chunk(CHUNKS, SIZE));
    recordings.awaitCounted(epoch.stream(), CHUNKS + 1);

    await(second.reader().stop());
    assertThat(recordings.ledger(epoch.stream()).bytes()).isEqualTo((CHUNKS + 1) * SIZE);
  }

  @Test
  void twoOwners_partitionsMoveWhileItemsCome_countEachChunkOnce() {
    List<Epoch> epochs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      epochs.add(epoch());
    }
    epochs.forEach(epoch -> recordings.announce(epoch.begin()));
    MemoryCheckpoints shared = new MemoryCheckpoints();
    Recordings.Running first = recordings.start(shared);
    Recordings.Running second = null;
    for (int i = 0; i < 60; i++) {
      for (Epoch epoch : epochs) {
        recordings.announce(epoch.chunk(i, SIZE));
      }
      if (i == 20) {
        second = recordings.start(shared);
      } else if (i == 40) {
        await(first.reader().stop());
      }
    }

    for (Epoch epoch : epochs) {
      recordings.awaitCounted(epoch.stream(), 60);
      assertThat(recordings.ledger(epoch.stream()).bytes()).isEqualTo(60 * SIZE);
    }
    await(second.reader().stop());
  }

  @Test
  void ownerThatWasPaused_isFenced_andChangesNothing() {
    Epoch epoch = epoch();
    StreamLedger paused = await(StreamLedger.load(recordings.records, LIMITS, epoch.stream()));
    paused.take(epoch.begin(), 1);
    paused.take(epoch.chunk(0, SIZE), 2);
    count(stores(Long.MAX_VALUE), epoch);

    assertThatThrownBy(() -> await(paused.commit()))
        .satisfies(
            e ->
                assertThat(e instanceof CompletionException ? e.getCause() : e)
                    .isInstanceOf(BusException.class));

    assertThat(paused.fenced()).isTrue();
    assertThat(recordings.ledger(epoch.stream()).chunks()).isEqualTo(CHUNKS);
  }

  @Test
  void ownerThatOnlyExpires_andLostARace_readsAgainAndGoesOn() {
    Epoch epoch = epoch();
    for (int i = 0; i < CHUNKS; i++) {
      recordings.store(epoch.chunk(i, SIZE));
    }
    count(stores(Long.MAX_VALUE), epoch);
    StreamLedger late = await(StreamLedger.load(recordings.records, LIMITS, epoch.stream()));
    recordings.clock.advance(Duration.ofDays(2));
    CutOff stores = stores(Long.MAX_VALUE);
    StreamLedger other = await(StreamLedger.load(recordings.records, LIMITS, epoch.stream()));
    expire(stores, other);

    expire(stores, late);

    assertThat(late.fenced()).isFalse();
    RecordingLedger ledger = recordings.ledger(epoch.stream());
    assertThat(ledger.chunks()).isZero();
    assertThat(ledger.bytes()).isZero();
    assertThat(recordings.keys(epoch.stream())).isEmpty();
  }
}
