package io.sightline.ingestgateway.recordings;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.InRecord;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Topic;
import io.sightline.ingestgateway.recordings.Recordings.Epoch;
import io.sightline.records.Json;
import io.sightline.records.StreamItem;
import io.sightline.storage.RecordStore;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsStageTest {

  private static final long START = 1_790_000_000_000_000L;

  @TempDir Path folder;

  private Vertx vertx;
  private RecordStore records;

  @BeforeEach
  void open() throws Exception {
    vertx = Vertx.vertx();
    records =
        SqliteRecordStore.open(vertx, folder.resolve("records.db")).await(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    records.close().await(30, TimeUnit.SECONDS);
    vertx.close().await(30, TimeUnit.SECONDS);
  }

  @Test
  void process_streamsThatAreOthers_arePassedOver() {
    RecordingsStage stage =
        new RecordingsStage(records, RetentionLimits.DEFAULT, stream -> stream.equals("own"));
    StagePartition partition = stage.open(0, new byte[0]);

    for (String stream : new String[] {"other", "own"}) {
      Epoch epoch = new Epoch(stream, "live", START);
      partition.process(record(0, epoch.begin()));
      partition.process(record(1, epoch.chunk(0, 1_000)));
    }

    assertThat(stage.ledgers()).extracting(StreamLedger::stream).containsExactly("own");
    assertThat(new String(partition.state(), StandardCharsets.UTF_8)).contains("own");
  }

  private static InRecord record(long offset, StreamItem item) {
    return new InRecord(
        Topic.CHUNKS, 0, offset, item.stream(), Json.encode(item), Map.of(), START / 1_000);
  }
}
