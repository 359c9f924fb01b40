package io.sightline.records;

import java.util.List;
import java.util.Map;

/**
 * A stretch worth keeping. What was found and what people decided are kept in fields of their own;
 * people win.
 *
 * @param classifier the plugin that found it, or {@code manual}
 * @param epoch in which it opened
 * @param foundStartMicros mark-in as found
 * @param foundEndMicros mark-out as found; null while the segment is open
 * @param foundLabel label as found
 * @param edit what people decided; null when nobody did
 * @param features what plugins say of it: peak confidence, counts, truths
 * @param why which detections opened and closed it
 * @param removed whether it turned out not to be one (too short, merged away), or a person removed
 *     it
 * @param foundRevision counts the changes of what was found, so that repeated work is recognised
 * @param revision counts all changes, from 1
 * @param optimized its marks as an optimizer chose them for each sound track; null without an
 *     optimizer, and while it is open
 */
public record Segment(
    String id,
    String stream,
    String run,
    String classifier,
    String epoch,
    long foundStartMicros,
    Long foundEndMicros,
    String foundLabel,
    Edit edit,
    Map<String, Object> features,
    Evidence why,
    boolean removed,
    int foundRevision,
    int revision,
    OptimizedMarks optimized) {

  /**
   * What people decided; each field null where they decided nothing.
   *
   * @param by who decided last
   * @param atMicros when, by the wall clock
   * @param lastEdit id of the last edit applied, so that a repeat is recognised
   * @param removed whether it is to be none: a segment that was removed stays so
   */
  public record Edit(
      Long startMicros,
      Long endMicros,
      String label,
      String by,
      long atMicros,
      String lastEdit,
      Boolean removed) {}

  /** One without an optimizer. */
  public Segment(
      String id,
      String stream,
      String run,
      String classifier,
      String epoch,
      long foundStartMicros,
      Long foundEndMicros,
      String foundLabel,
      Edit edit,
      Map<String, Object> features,
      Evidence why,
      boolean removed,
      int foundRevision,
      int revision) {
    this(
        id,
        stream,
        run,
        classifier,
        epoch,
        foundStartMicros,
        foundEndMicros,
        foundLabel,
        edit,
        features,
        why,
        removed,
        foundRevision,
        revision,
        null);
  }

  public Segment {
    Ids.requireId("segment", id);
    Ids.requireName("stream", stream);
    Ids.requireName("run", run);
    features = features == null ? Map.of() : Map.copyOf(features);
    if (foundEndMicros != null && foundEndMicros < foundStartMicros) {
      throw new IllegalArgumentException("The segment " + id + " ends before it starts");
    }
  }

  /** Mark-in: what people decided, else what was found. */
  public long startMicros() {
    return edit != null && edit.startMicros() != null ? edit.startMicros() : foundStartMicros;
  }

  /** Mark-out: what people decided, else what was found; null while the segment is open. */
  public Long endMicros() {
    return edit != null && edit.endMicros() != null ? edit.endMicros() : foundEndMicros;
  }

  /** Label: what people decided, else what was found. */
  public String label() {
    return edit != null && edit.label() != null ? edit.label() : foundLabel;
  }

  public boolean open() {
    return endMicros() == null;
  }

  /**
   * The revision that its clip of a variant must have been cut for to show it as it is. That an
   * optimizer has decided changes nothing about the clip with the segment's own marks.
   */
  public int cutRevision(ClipVariant variant) {
    boolean onlyOptimized =
        optimized != null && optimized.revision() != null && optimized.revision() == revision;
    return variant == ClipVariant.ORIGINAL && onlyOptimized
        ? optimized.originalRevision()
        : revision;
  }

  /** The sound tracks for which other marks than its own were found: each has a clip of its own. */
  public List<OptimizedTrack> movedTracks() {
    return optimized == null || open()
        ? List.of()
        : optimized.tracks().stream().filter(this::differs).toList();
  }

  /** Whether these marks are others than its own. */
  public boolean differs(OptimizedTrack track) {
    return track.startMicros() != startMicros() || track.endMicros() != endMicros();
  }

  /** The same with other optimized marks, as of another revision. */
  public Segment with(OptimizedMarks others, int nextRevision) {
    return new Segment(
        id,
        stream,
        run,
        classifier,
        epoch,
        foundStartMicros,
        foundEndMicros,
        foundLabel,
        edit,
        features,
        why,
        removed,
        foundRevision,
        nextRevision,
        others);
  }
}
