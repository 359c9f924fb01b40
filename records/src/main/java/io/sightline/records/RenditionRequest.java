package io.sightline.records;

/**
 * That the renditions of a clip are wanted which are configured by now: those that it lacks are
 * made, and those that failed are tried again. Asking twice changes nothing.
 *
 * @param by who asks
 * @param atMicros when, by the wall clock
 */
public record RenditionRequest(String clip, String stream, String by, long atMicros) {

  public RenditionRequest {
    Ids.requireId("clip", clip);
    Ids.requireName("stream", stream);
  }
}
