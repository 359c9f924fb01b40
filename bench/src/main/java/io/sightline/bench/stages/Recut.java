package io.sightline.bench.stages;

import io.sightline.bench.Claim;
import io.sightline.bench.Distribution;
import io.sightline.bench.Figure;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import java.util.List;
import java.util.Map;

/**
 * How soon a replay of 60 clips plays in its new form when its rules change, in an event of as many
 * segments as three hours of sport have: one each 18 seconds. All of them are cut before, as they
 * are while an event runs; the change chooses other ones, none of which was in the replay.
 */
final class Recut {

  private static final String NAME = "recut";
  private static final Target SOON = Target.atMost(1);

  private static final int SEGMENTS = 600;
  private static final int CHOSEN = 60;
  private static final int KINDS = SEGMENTS / CHOSEN;
  private static final int CHANGES = 20;

  private final Workbench bench;
  private final Stages stages;
  private final Recorded recorded;

  private Recut(Workbench bench, Stages stages) throws Exception {
    this.bench = bench;
    this.stages = stages;
    this.recorded = new Recorded(stages);
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "a replay of " + CHOSEN + " clips plays after its rules were changed",
        "none",
        SOON,
        Recut::figures);
  }

  private static List<Figure> figures(Workbench bench) throws Exception {
    try (Stages stages = new Stages(bench, bench.footage().recording(2))) {
      return List.of(new Recut(bench, stages).measure());
    }
  }

  private Figure measure() throws Exception {
    CheapSegments segments = new CheapSegments(recorded);
    bench.progress().say("cutting " + SEGMENTS + " clips");
    while (segments.made() < SEGMENTS) {
      stages.write(segments.next(kind(segments.made() % KINDS)));
    }
    Reel.ask(stages, "all of them", Map.of(), Map.of()).await(SEGMENTS);

    Reel reel = Reel.ask(stages, "some of them", Map.of(), rules(0));
    reel.await(CHOSEN);
    Distribution times = new Distribution();
    for (int change = 1; change <= CHANGES; change++) {
      int before = reel.version();
      long asked = System.nanoTime();
      reel.choose(rules(change % KINDS));
      reel.await(CHOSEN, before);
      times.add((System.nanoTime() - asked) / 1e9);
    }
    return Figure.plain(NAME, SOON, times.percentile(0.95), "s");
  }

  private static Map<String, Object> rules(int kind) {
    return Map.of("mode", "features", "where", Map.of("what", "label", "is", List.of(kind(kind))));
  }

  private static String kind(int number) {
    return "kind-" + number;
  }
}
