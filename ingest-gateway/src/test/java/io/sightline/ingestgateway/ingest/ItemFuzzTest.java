package io.sightline.ingestgateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever an epoch connection brings is an item of its epoch or a refusal. The build replays the
 * kept inputs; {@code JAZZER_FUZZ=1 ./mvnw test -pl ingest-gateway -am -Dtest=ItemFuzzTest#message
 * -Dsurefire.failIfNoSpecifiedTests=false} looks for new ones.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ItemFuzzTest {

  private static final String STREAM = "lobby";
  private static final String EPOCH = "1790000000000000-local";
  private static final int MAX_ITEM_BYTES = 1_000_000;
  private static final int MAX_FRAME_BYTES = 500_000;

  private final ItemReader reader =
      new ItemReader(STREAM, EPOCH, "live", MAX_ITEM_BYTES, MAX_FRAME_BYTES);

  @FuzzTest(maxDuration = "30m")
  void message(byte[] data) {
    try {
      IngestItem read = reader.read(Buffer.buffer(data));
      assertThat(read.item().stream()).isEqualTo(STREAM);
      assertThat(read.item().epoch()).isEqualTo(EPOCH);
      assertThat(read.payload().length()).isLessThan(data.length);
    } catch (Refusal e) {
      assertThat(e.reason()).isNotBlank();
      assertThat(e.code()).isIn(Refusal.MALFORMED, Refusal.TOO_LARGE);
    }
  }
}
