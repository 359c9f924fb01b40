package io.sightline.ingestgateway.recordings;

import static io.sightline.ingestgateway.recordings.Recordings.LIMITS;
import static io.sightline.ingestgateway.recordings.Recordings.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sightline.ingestgateway.recordings.Recordings.Epoch;
import io.sightline.records.Keep;
import io.sightline.records.RecordingLedger;
import io.sightline.storage.s3.S3Location;
import io.sightline.storage.s3.S3ObjectStore;
import io.sightline.storage.testing.S3Server;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What has expired leaves nothing in a bucket, which has no folders that go with their files. */
class KeepingInBucketTest {

  private static final String STREAM = "yard";

  @Test
  void age_allOfAnEndedEpochGoes_andTheBucketIsEmpty() {
    try (S3Server s3 = new S3Server().bucket("my-video");
        Recordings recordings =
            new Recordings(
                (vertx, folder) ->
                    S3ObjectStore.open(
                        vertx, S3Location.parse("s3://my-video/sightline"), s3.access()))) {
      Recordings.Running running = recordings.start();
      Epoch epoch = new Epoch(STREAM, "live", 1_500_000_000_000_000L);
      recordings.record(epoch, 3, 1_000_000);
      recordings.awaitCounted(STREAM, 3);
      recordings.store(epoch.chunk(3, 1_000_000));
      assertThat(s3.names("my-video")).hasSize(5);
      recordings.announce(epoch.end(4));
      Recordings.until(
          () -> recordings.ledger(STREAM).places().stream().allMatch(RecordingLedger.Place::ended),
          () -> recordings.ledger(STREAM).toString());
      Rules rules = new Rules();
      rules.rules.put(STREAM, new Keep("1d", null).over(Keep.DEFAULT));
      Retention retention =
          new Retention(
              recordings.objects,
              recordings.records,
              recordings.writer,
              rules,
              new RecordingMeters(new SimpleMeterRegistry(), running.stage()::ledgers),
              LIMITS,
              recordings.clock);

      recordings.clock.advance(Duration.ofDays(2));
      await(retention.turn(running.stage().ledgers()));
      recordings.clock.advance(LIMITS.grace().plusSeconds(1));
      for (int i = 0; i < 20; i++) {
        await(retention.turn(running.stage().ledgers()));
      }

      assertThat(recordings.chunks(STREAM)).isEmpty();
      assertThat(s3.names("my-video")).isEmpty();
    }
  }
}
