package io.sightline.records;

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
    int revision) {

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
}
