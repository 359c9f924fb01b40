package io.sightline.bench.stages;

import io.sightline.bench.Claim;
import io.sightline.bench.Distribution;
import io.sightline.bench.Figure;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How soon a closed segment is in the playlist of a replay that grows, when the replay holds few
 * segments and when it holds many. Its media is recorded before; its marks enclose one GOP, so that
 * cutting it is next to nothing and the rest is what is seen.
 */
final class CatchUp {

  private static final String NAME = "catch-up";
  private static final Target SOON = Target.atMost(1);
  private static final Target HARDLY_LONGER = Target.atMost(1.5);

  private static final int FEW = 10;
  private static final int MANY = 1_000;
  private static final int SEGMENTS = 20;

  private final Workbench bench;
  private final Stages stages;
  private final Recorded recorded;

  private CatchUp(Workbench bench, Stages stages) throws Exception {
    this.bench = bench;
    this.stages = stages;
    this.recorded = new Recorded(stages);
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "a closed segment is in the playlist of a replay of " + MANY + " segments",
        "the same replay with " + FEW,
        SOON,
        CatchUp::figures);
  }

  private static List<Figure> figures(Workbench bench) throws Exception {
    try (Stages stages = new Stages(bench, bench.footage().recording(2))) {
      return new CatchUp(bench, stages).measure();
    }
  }

  private List<Figure> measure() throws Exception {
    bench.progress().say("warming up");
    new Growing("warm-up").seconds(FEW);
    double few = new Growing("few").seconds(FEW);
    double many = new Growing("many").seconds(MANY);
    return List.of(
        Figure.plain(NAME + "." + FEW, SOON, few, "s"),
        Figure.plain(NAME + "." + MANY, SOON, many, "s"),
        Figure.plain(NAME + ".growth", HARDLY_LONGER, many / few, "times"));
  }

  /** A replay of all segments with one label. */
  private final class Growing {

    private final String label;
    private final Reel reel;
    private final CheapSegments segments;

    Growing(String label) throws Exception {
      this.label = label;
      this.segments = new CheapSegments(recorded);
      this.reel = Reel.ask(stages, label, Map.of("labels", List.of(label)), Map.of());
    }

    /** The time that 19 of 20 more segments keep to when it holds some already. */
    double seconds(int held) throws Exception {
      while (segments.made() < held) {
        write();
      }
      reel.await(segments.made());
      Distribution times = new Distribution();
      for (int segment = 0; segment < SEGMENTS; segment++) {
        write();
        long closed = System.nanoTime();
        reel.await(segments.made());
        times.add((System.nanoTime() - closed) / 1e9);
      }
      bench
          .progress()
          .say(
              String.format(
                  Locale.ROOT,
                  "at %d segments: median %.3f s, p95 %.3f s",
                  held,
                  times.percentile(0.5),
                  times.percentile(0.95)));
      return times.percentile(0.95);
    }

    private void write() throws Exception {
      stages.write(segments.next(label));
    }
  }
}
