package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.List;

/** The stretches of a clip without pictures: what was recorded of its sound between the marks. */
final class SoundStretches {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private SoundStretches() {}

  static List<Stretch> of(List<Recorded> recorded, long markIn, long markOut)
      throws MediaException {
    List<Stretch> stretches = new ArrayList<>();
    long clipTicks = 0;
    Rational clipUnit = null;
    for (int at = 0; at < recorded.size(); ) {
      Recorded first = recorded.get(at);
      int next = at + 1;
      while (next < recorded.size() && recorded.get(next).continues(recorded.get(next - 1))) {
        next++;
      }
      Rational unit = first.unit();
      long origin = first.originMicros();
      long from =
          Math.max(first.fragment().decodeTicks(), Rational.rescale(markIn - origin, MICROS, unit));
      long to =
          Math.min(
              recorded.get(next - 1).endTicks(), Rational.rescale(markOut - origin, MICROS, unit));
      if (from < to) {
        clipUnit = clipUnit == null ? unit : clipUnit;
        stretches.add(
            new Stretch(
                first.chunk().epoch(),
                unit,
                from,
                to,
                clipTicks,
                clipUnit,
                origin + Rational.rescale(from, unit, MICROS),
                origin + Rational.rescale(to, unit, MICROS)));
        clipTicks += Rational.rescale(to - from, unit, clipUnit);
      }
      at = next;
    }
    if (stretches.isEmpty()) {
      throw new MediaException(
          MediaException.Reason.NOT_FOUND, "Nothing was recorded between the marks");
    }
    return stretches;
  }
}
