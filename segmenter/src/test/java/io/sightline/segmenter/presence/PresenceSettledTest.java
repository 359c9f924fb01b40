package io.sightline.segmenter.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Box;
import io.sightline.records.Detection;
import io.sightline.records.Evidence;
import io.sightline.records.Lane;
import io.sightline.records.PluginSpec;
import io.sightline.records.Settings;
import io.sightline.records.plugin.Classifier;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.SegmentOutput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Up to where all segments have been said. */
class PresenceSettledTest {

  @Test
  void settled_anyLooks_nothingIsSaidLaterThatBeginsBefore_andItKeepsUp() {
    int opened = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Said said = new Said();
      Classifier presence = new PresencePlugin().open(settings(random));
      double chance = random.nextDouble();
      long position = 0;
      for (int look = 0; look < 150; look++) {
        position += 40_000L * (1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 20));
        int confidence = random.nextDouble() < chance ? 80 : random.nextInt(3) == 0 ? 35 : 0;
        presence.observe(
            new Observation(
                "e",
                random.nextInt(9) == 0 ? Lane.CHUNKS : Lane.FRAMES,
                position,
                seen(confidence, position)),
            said);
        said.settled = Math.max(said.settled, presence.settledMicros(position));
      }
      assertThat(said.tooLate).as("seed %s", seed).isNull();
      opened += said.starts.size();

      for (int look = 0; look < 100; look++) {
        position += 1_000_000;
        presence.observe(new Observation("e", Lane.FRAMES, position, List.of()), said);
        presence.observe(new Observation("e", Lane.CHUNKS, position, List.of()), said);
      }
      assertThat(presence.settledMicros(position))
          .as("when nothing is there, seed %s", seed)
          .isGreaterThan(position - 8_000_000);
    }
    assertThat(opened).isGreaterThan(5_000);
  }

  private static Settings settings(Random random) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("openAfter", random.nextInt(10) * 100 + "ms");
    settings.put("closeAfter", 200 + random.nextInt(30) * 100 + "ms");
    settings.put("paddingBefore", random.nextInt(4) + "s");
    settings.put("paddingAfter", random.nextInt(4) + "s");
    settings.put("minLength", random.nextInt(3) * 500 + "ms");
    settings.put("maxLength", random.nextBoolean() ? "0s" : 4 + random.nextInt(10) + "s");
    return new PluginSpec("presence", settings).settings();
  }

  private static List<Detection> seen(int confidence, long position) {
    return confidence == 0
        ? List.of()
        : List.of(
            new Detection(
                "test",
                "motion",
                confidence,
                new Box(0.1, 0.1, 0.2, 0.2),
                position + 30_000,
                null,
                null,
                null,
                null));
  }

  /** What was said, and whether something of it came too late. */
  private static final class Said implements SegmentOutput {

    private final Map<Long, Boolean> starts = new HashMap<>();
    private long settled = Long.MIN_VALUE;
    private String tooLate;

    @Override
    public void open(long start, String label, Map<String, Object> features, Evidence why) {
      if (starts.put(start, true) == null && start < settled) {
        tooLate = start + " after " + settled;
      }
    }

    @Override
    public void close(
        long start, long end, String label, Map<String, Object> features, Evidence why) {
      open(start, label, features, why);
    }

    @Override
    public void discard(long start, String reason) {}
  }
}
