package io.sightline.clipper.rendition;

import io.sightline.records.Clip;
import io.sightline.records.Ids;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.TrackInfo;

/**
 * What is rendered: a clip, or a part of reels.
 *
 * @param clip itself, or the one that the part is made of; null when that is made of a file
 * @param part object key of the part; null for the clip itself
 * @param name id of the clip, or what the part is called that is made of a file
 * @param stream of the clip, or for which the part was asked
 */
record Rendered(Clip clip, String part, String name, String stream) {

  static Rendered of(Clip clip) {
    return new Rendered(clip, null, clip.id(), clip.stream());
  }

  /** As of {@link Rendition#media}. */
  String media() {
    return part == null ? name : part;
  }

  /** Of its rendition. */
  String id(String rendition) {
    return part == null
        ? Ids.withoutRendition(name) + "." + rendition
        : Rendition.idOf(part, rendition);
  }

  /**
   * @param pictures of the rendition
   * @param note how it was made otherwise than asked for, in words; null when it was not
   */
  Rendition made(
      String id,
      String rendition,
      TrackInfo pictures,
      String indexKey,
      String mp4Key,
      int revision,
      String note) {
    return new Rendition(
        id,
        name,
        rendition,
        stream,
        run(),
        MediaState.READY,
        pictures.width(),
        pictures.height(),
        indexKey,
        mp4Key,
        null,
        revision,
        note,
        part);
  }

  Rendition failed(String id, String rendition, String error, int revision) {
    return new Rendition(
        id,
        name,
        rendition,
        stream,
        run(),
        MediaState.FAILED,
        0,
        0,
        null,
        null,
        error,
        revision,
        null,
        part);
  }

  private String run() {
    return clip == null ? null : clip.run();
  }
}
