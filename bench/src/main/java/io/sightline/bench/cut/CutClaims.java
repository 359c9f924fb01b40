package io.sightline.bench.cut;

import io.sightline.bench.Claim;
import java.util.List;

/** What is claimed of clips and replays. */
public final class CutClaims {

  private CutClaims() {}

  public static List<Claim> all() {
    return List.of(CutCost.claim(), Exactness.claim());
  }
}
