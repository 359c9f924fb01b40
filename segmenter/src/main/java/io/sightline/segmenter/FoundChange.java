package io.sightline.segmenter;

import io.sightline.records.Evidence;
import io.sightline.records.Ids;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.PluginSpec;
import io.sightline.records.Segment;
import java.util.Map;

/**
 * What a classifier found, as it stands after its latest word.
 *
 * @param endMicros null while the segment is open
 * @param removed whether it turned out to be none
 * @param revision counts the classifier's words on this segment, from 1
 * @param optimizer what is to look for better marks for it; null for none
 */
record FoundChange(
    String stream,
    String run,
    String classifier,
    String epoch,
    long startMicros,
    Long endMicros,
    String label,
    Map<String, Object> features,
    Evidence why,
    boolean removed,
    int revision,
    PluginSpec optimizer)
    implements Finding {

  FoundChange {
    features = Map.copyOf(features);
  }

  String id() {
    return Ids.segment(stream, run, classifier, startMicros);
  }

  FoundChange next(Long end, String nextLabel, Map<String, Object> more, Evidence because) {
    return new FoundChange(
        stream,
        run,
        classifier,
        epoch,
        startMicros,
        end,
        nextLabel,
        more,
        because,
        false,
        revision + 1,
        optimizer);
  }

  FoundChange discarded(String reason) {
    Evidence because = new Evidence(why == null ? null : why.opened(), null, reason);
    return new FoundChange(
        stream,
        run,
        classifier,
        epoch,
        startMicros,
        startMicros,
        label,
        features,
        because,
        true,
        revision + 1,
        optimizer);
  }

  /** The stored segment with this in it; what people decided stays. */
  Segment appliedTo(Segment stored) {
    Segment.Edit edit = stored == null ? null : stored.edit();
    boolean removedByPerson = edit != null && Boolean.TRUE.equals(edit.removed());
    int next = stored == null ? 1 : stored.revision() + 1;
    boolean optimized = optimizer != null && endMicros != null && !removed;
    return new Segment(
        id(),
        stream,
        run,
        classifier,
        stored == null ? epoch : stored.epoch(),
        startMicros,
        endMicros,
        label,
        edit,
        features,
        why,
        removed || removedByPerson,
        revision,
        next,
        optimized ? OptimizedMarks.toCome(optimizer, next) : null);
  }
}
