package io.sightline.records;

/**
 * That the renditions of a clip, or of a part of reels, are wanted which are configured by now:
 * those that it lacks are made, and those that failed are tried again. Asking twice changes
 * nothing.
 *
 * @param clip the clip, or the one that the part is made of; of a part that is made of a file, its
 *     {@link ReelPart#name}
 * @param by who asks
 * @param atMicros when, by the wall clock
 * @param part object key of the {@link ReelPart}; null for the clip itself
 */
public record RenditionRequest(String clip, String stream, String by, long atMicros, String part) {

  /** Of a clip. */
  public RenditionRequest(String clip, String stream, String by, long atMicros) {
    this(clip, stream, by, atMicros, null);
  }

  /** Of a part of reels. */
  public static RenditionRequest ofPart(String key, String stream, String by, long atMicros) {
    String clip = ReelPart.clip(key);
    return new RenditionRequest(
        clip == null ? ReelPart.name(key) : clip, stream, by, atMicros, key);
  }

  public RenditionRequest {
    Ids.requireId("clip", clip);
    Ids.requireName("stream", stream);
  }
}
