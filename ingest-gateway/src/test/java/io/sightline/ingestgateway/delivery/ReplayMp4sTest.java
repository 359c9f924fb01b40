package io.sightline.ingestgateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayMp4sTest {

  @TempDir Path folder;

  /** Each look at it takes more than a second. */
  private static final class Ticking extends Clock {
    private Instant now = Instant.now();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public synchronized Instant instant() {
      now = now.plusMillis(1_100);
      return now;
    }
  }

  @Test
  void of_whatTakesLong_tellsHowFarItIs_untilItIsComposed() throws Exception {
    Recording recording = new Recording("lobby").add(TestVideo.plain().sound().file());
    ClipIndex reel =
        Cut.copy(
                "reel",
                recording.chunks(),
                Recording.START + 1_000_000,
                Recording.START + 9_000_000,
                recording,
                recording)
            .index();
    Vertx vertx = Vertx.vertx();
    RecordStore records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    List<MediaProgress> told = new ArrayList<>();
    ReplayMp4s mp4s =
        new ReplayMp4s(
            vertx,
            records,
            (key, offset, length) -> {
              told.addAll(all(records));
              return recording.read(key, offset, length);
            },
            new Ticking());

    Promise<ReelFile> composed = Promise.promise();
    vertx.runOnContext(go -> mp4s.of(replay(), "small", reel).onComplete(composed));
    assertThat(await(composed.future()).length()).isPositive();

    assertThat(told)
        .isNotEmpty()
        .allMatch(one -> one.id().equals("goals.small"))
        .allMatch(one -> one.doing().equals("composing the MP4"));
    assertThat(told.get(told.size() - 1).percent()).isGreaterThan(told.get(0).percent());
    assertThat(all(records)).isEmpty();
    await(records.close());
    await(vertx.close());
  }

  private static Replay replay() {
    return new Replay(
        "goals",
        "Goals",
        new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
        MediaState.READY,
        1,
        1,
        8_000_000,
        true,
        true,
        "index",
        "mp4",
        1,
        1,
        null,
        1);
  }

  private static List<MediaProgress> all(RecordStore records) {
    // What was written before is there when this is.
    await(records.put("barrier", "one", new byte[1], null));
    return await(
        Records.of(records, MediaProgress.class).all(StoreKeys.REPLAY_PROGRESS, null, null));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
