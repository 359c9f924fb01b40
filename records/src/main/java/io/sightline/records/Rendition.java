package io.sightline.records;

/**
 * A clip in another encoding. Its media is described by a {@link ClipIndex} object; sound that is
 * the same is referred to, not stored again.
 *
 * @param id as that of the clip, but with the rendition's name at its end
 * @param clip the one it was made of
 * @param name of its {@link RenditionSpec}
 * @param width in pixels; 0 when it failed
 * @param height in pixels; 0 when it failed
 * @param indexKey object key of its ClipIndex; null when it failed
 * @param mp4Key object key of its MP4; null when there is none
 * @param error why it failed; null when it did not
 */
public record Rendition(
    String id,
    String clip,
    String name,
    String stream,
    String run,
    MediaState state,
    int width,
    int height,
    String indexKey,
    String mp4Key,
    String error,
    int revision) {

  public Rendition {
    Ids.requireId("rendition", id);
    Ids.requireId("clip", clip);
  }
}
