package io.sightline.segmenter;

import io.sightline.records.MarkMove;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Settings;
import io.sightline.records.plugin.Optimizer;
import io.sightline.records.plugin.OptimizerPlugin;
import io.sightline.records.plugin.Surroundings;
import java.util.List;

/** As the README shows it. */
public final class ShortestOptimizer implements OptimizerPlugin {

  public String name() {
    return "breath";
  }

  public Optimizer open(Settings settings) {
    settings.complete();
    return new Optimizer() {
      public long beforeMicros() {
        return 500_000;
      }

      public long afterMicros() {
        return 0;
      }

      public List<OptimizedTrack> optimize(Surroundings around) {
        long start = around.segment().startMicros();
        long earlier = Math.max(start - beforeMicros(), around.room(1).fromMicros());
        return List.of(
            new OptimizedTrack(
                1,
                earlier,
                around.segment().endMicros(),
                MarkMove.MOVED,
                "Half a second for the breath before",
                MarkMove.NOT_TRIED,
                "Only the beginning is moved"));
      }
    };
  }
}
