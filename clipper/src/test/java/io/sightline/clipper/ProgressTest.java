package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.MediaProgress;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far the making of a clip is told to have come. */
class ProgressTest {

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

  @Test
  void bytesOfAClipThatIsEncoded_tellHowFarItIs_andOnceMoreForItsMp4() throws Exception {
    Recording recording = new Recording("lobby").add(TestVideo.plain().gop(250).file());
    List<String> told = new ArrayList<>();
    List<Double> fractions = new ArrayList<>();
    Progress progress =
        (doing, fraction) -> {
          told.add(doing);
          fractions.add(fraction);
        };
    List<String> keys = recording.chunks().stream().map(ChunkInfo::key).toList();

    CutResult cut =
        Cut.exact(
            "clip",
            recording.chunks(),
            Recording.START + 500_000,
            Recording.START + 9_500_000,
            new WatchedBytes(recording, keys, fraction -> progress.at("cutting", fraction)),
            recording);
    Mp4File.write(
        cut.index(),
        WatchedBytes.of(
            recording, cut.index(), fraction -> progress.at("writing the MP4", fraction)),
        OutputStream.nullOutputStream());

    assertThat(told.stream().distinct()).containsExactly("cutting", "writing the MP4");
    int mp4 = told.indexOf("writing the MP4");
    assertThat(fractions.subList(0, mp4)).containsSubsequence(0.0, 1 / 3.0, 2 / 3.0);
    List<Double> written = fractions.subList(mp4, fractions.size());
    assertThat(written).contains(0.0).last().satisfies(end -> assertThat(end).isBetween(0.7, 1.0));
  }

  private ProgressNote note() {
    return new ProgressNote(records, "lobby", CLIP, () -> now);
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
