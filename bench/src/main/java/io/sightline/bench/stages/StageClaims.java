package io.sightline.bench.stages;

import io.sightline.bench.Claim;
import java.util.List;

/** What is claimed of all stages together. */
public final class StageClaims {

  private StageClaims() {}

  public static List<Claim> all() {
    return List.of(ClipLatency.claim(), CatchUp.claim(), Recut.claim());
  }
}
