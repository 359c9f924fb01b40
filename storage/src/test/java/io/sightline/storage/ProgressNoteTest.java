package io.sightline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.MediaProgress;
import io.sightline.records.StoreKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far the making of a clip is told to have come. */
class ProgressNoteTest {

  private static final String CLIP = "lobby.live.presence.1763700003500000.original.a0.r1.source";

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private RecordStore records;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  @BeforeEach
  void open() throws Exception {
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
  }

  @AfterEach
  void close() throws Exception {
    await(records.close());
    await(vertx.close());
  }

  @Test
  void note_ofWhatIsQuick_isNeverWritten() throws Exception {
    ProgressNote note = note();
    note.at("cutting", 0.2);
    now = now.plusMillis(1_900);
    note.at("cutting", 0.9);
    note.end();

    assertThat(noted()).isEmpty();
  }

  @Test
  void note_ofWhatTakesLong_isWrittenOnceASecondUntilItIsMade() throws Exception {
    ProgressNote note = note();
    now = now.plusSeconds(2);
    note.at("cutting", 0.254);
    assertThat(noted().map(MediaProgress::percent)).contains(25);
    now = now.plusMillis(900);
    note.at("cutting", 0.3);
    assertThat(noted().map(MediaProgress::percent)).contains(25);
    now = now.plusMillis(100);
    note.at("writing the MP4", 1.2);

    assertThat(noted()).contains(new MediaProgress(CLIP, "writing the MP4", 100, micros(now)));
    note.end();
    assertThat(noted()).isEmpty();
  }

  @Test
  void note_ofAProcessThatWasKilled_goesByItself() throws Exception {
    now = now.minus(Duration.ofSeconds(40));
    ProgressNote note = note();
    now = now.plusSeconds(3);
    note.at("cutting", 0.5);

    assertThat(noted()).isEmpty();
  }

  private ProgressNote note() {
    return ProgressNote.ofClip(records, "lobby", CLIP, () -> now);
  }

  private Optional<MediaProgress> noted() throws Exception {
    // What was written before is there when this is.
    await(records.put("barrier", "one", new byte[1], null));
    return await(
        Records.of(records, MediaProgress.class)
            .find(StoreKeys.mediaProgress("lobby"), StoreKeys.sortOf(CLIP)));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }
}
