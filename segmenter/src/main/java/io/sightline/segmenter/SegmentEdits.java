package io.sightline.segmenter;

import io.sightline.records.OptimizedMarks;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.SegmentEdit;
import java.time.Duration;
import java.util.Objects;

/** What an edit makes of a segment. */
final class SegmentEdits {

  /** Nobody means a longer one, and cutting it would cost a lot. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private SegmentEdits() {}

  /**
   * @throws EditException when the segment cannot be edited like this
   */
  static Segment apply(SegmentEdit edit, Segment segment) {
    requireThere(segment);
    Segment.Edit former = segment.edit();
    Segment.Edit decided =
        new Segment.Edit(
            edit.startMicros() != null
                ? edit.startMicros()
                : former == null ? null : former.startMicros(),
            edit.endMicros() != null
                ? edit.endMicros()
                : former == null ? null : former.endMicros(),
            edit.label() != null ? edit.label() : former == null ? null : former.label(),
            edit.by(),
            edit.atMicros(),
            edit.id(),
            edit.kind() == SegmentEdit.Kind.REMOVE ? Boolean.TRUE : null);
    Segment edited = with(segment, decided);
    checkMarks(edited);
    return marksChanged(segment, edited) && edited.optimized() != null
        ? edited.with(
            OptimizedMarks.toCome(edited.optimized().optimizer(), edited.revision()),
            edited.revision())
        : edited;
  }

  /**
   * @throws EditException when it is none any more
   */
  static void requireThere(Segment segment) {
    if (segment.removed()) {
      throw new EditException(
          "The segment " + segment.id() + " is none any more, so it cannot be edited");
    }
  }

  private static boolean marksChanged(Segment before, Segment now) {
    return before.startMicros() != now.startMicros()
        || !Objects.equals(before.endMicros(), now.endMicros());
  }

  private static void checkMarks(Segment segment) {
    long start = segment.startMicros();
    Long end = segment.endMicros();
    if (start < 0) {
      throw new EditException("The mark-in of " + segment.id() + " cannot lie before 1970");
    }
    if (end != null && end <= start) {
      throw new EditException(
          "The mark-out of " + segment.id() + " must lie after its mark-in: " + start + ", " + end);
    }
    if (end != null && end - start > Positions.micros(LONGEST)) {
      throw new EditException("The segment " + segment.id() + " cannot be longer than a day");
    }
  }

  private static Segment with(Segment segment, Segment.Edit edit) {
    return new Segment(
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.classifier(),
        segment.epoch(),
        segment.foundStartMicros(),
        segment.foundEndMicros(),
        segment.foundLabel(),
        edit,
        segment.features(),
        segment.why(),
        Boolean.TRUE.equals(edit.removed()),
        segment.foundRevision(),
        segment.revision() + 1,
        segment.optimized());
  }
}
