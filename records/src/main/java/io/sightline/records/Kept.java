package io.sightline.records;

/**
 * That a person wants the clip of a segment kept, whatever the rule of its stream says. It stands
 * beside the segment, which it does not change: nothing is cut anew for it.
 *
 * @param by who said so last
 * @param atMicros when, by the wall clock
 */
public record Kept(String segment, String stream, String by, long atMicros) {

  public Kept {
    Ids.requireId("segment", segment);
    Ids.requireName("stream", stream);
  }
}
