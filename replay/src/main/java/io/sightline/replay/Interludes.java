package io.sightline.replay;

import io.sightline.media.cut.Reel;
import io.sightline.records.Clip;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How long clips of the operator's play in a reel beside its items.
 *
 * @param introMicros before the first item
 * @param betweenMicros between each two
 * @param outroMicros after the last
 */
record Interludes(long introMicros, long betweenMicros, long outroMicros) {

  static final Interludes NONE = new Interludes(0, 0, 0);

  /**
   * Chooses with what plays beside the items counted in. How long that is depends on the form of
   * the first item, which may be another one when less is chosen: then the longer of both counts,
   * and it is chosen again, once for each form at most. What has yet to be encoded into a form is
   * not counted; nor is any item shown before it is there.
   *
   * @param chooser what the rules make of what there is, when so much plays beside it
   * @param audioTrack the only one that plays; null for all
   * @throws IOException when a clip or a part cannot be read now
   */
  static ReplaySelection choose(
      Function<Interludes, ReplaySelection> chooser,
      Joins joins,
      Integer audioTrack,
      ClipIndexes indexes,
      ReelParts parts)
      throws IOException {
    Interludes counted = NONE;
    ReplaySelection chosen = chooser.apply(counted);
    Set<List<String>> forms = new HashSet<>();
    while (!chosen.included().isEmpty()) {
      Clip first = chosen.included().get(0).clip();
      Map<String, ReelPartOrder> files =
          joins.files(indexes.get(first.indexKey()), first.indexKey(), audioTrack);
      Optional<Interludes> known = of(joins, files, parts);
      boolean news = forms.add(files.values().stream().map(ReelPartOrder::key).toList());
      if (known.isEmpty() || known.get().equals(NONE) || !news) {
        break;
      }
      counted = counted.orLonger(known.get());
      chosen = chooser.apply(counted);
    }
    return chosen;
  }

  /** Empty while one of them has yet to be encoded. */
  private static Optional<Interludes> of(
      Joins joins, Map<String, ReelPartOrder> files, ReelParts parts) throws IOException {
    Map<String, Long> lengths = new HashMap<>();
    for (Map.Entry<String, ReelPartOrder> file : files.entrySet()) {
      Optional<ReelPart> part = parts.known(file.getValue().key());
      if (part.isEmpty()) {
        return Optional.empty();
      }
      // What cannot be encoded is not shown.
      lengths.put(file.getKey(), part.map(ReelPart::last).map(Reel::lengthMicros).orElse(0L));
    }
    return Optional.of(
        new Interludes(
            lengths.getOrDefault(joins.intro(), 0L),
            lengths.getOrDefault(joins.clip(), 0L),
            lengths.getOrDefault(joins.outro(), 0L)));
  }

  private Interludes orLonger(Interludes other) {
    return new Interludes(
        Math.max(introMicros, other.introMicros),
        Math.max(betweenMicros, other.betweenMicros),
        Math.max(outroMicros, other.outroMicros));
  }

  /**
   * How much room a length leaves for items, each of which takes {@link #betweenMicros} more than
   * it lasts: one less of them plays than there are items.
   */
  long room(long lengthMicros) {
    return lengthMicros - introMicros - outroMicros + betweenMicros;
  }
}
