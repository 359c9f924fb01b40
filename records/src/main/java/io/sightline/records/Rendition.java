package io.sightline.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A clip, or a part of reels, in another encoding. Its media is described by a {@link ClipIndex}
 * object, that of a part by a {@link ReelPart}; sound that is the same is referred to, not stored
 * again.
 *
 * @param id as that of the clip, but with the rendition's name at its end; of a part, that and the
 *     part's name
 * @param clip the one it was made of; of a part that is made of a file, the part's name
 * @param name of its {@link RenditionSpec}
 * @param width in pixels; 0 when it failed
 * @param height in pixels; 0 when it failed
 * @param indexKey object key of what describes its media; null when it failed
 * @param mp4Key object key of its MP4; null when there is none
 * @param error why it failed; null when it did not
 * @param note how it was made otherwise than asked for, in words; null when it was not
 * @param part object key of the {@link ReelPart} it was made of; null for the clip itself
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
    int revision,
    String note,
    String part) {

  /** The largest pictures first; of two as large, by name. */
  public static final Comparator<Rendition> LARGEST_FIRST =
      Comparator.comparingInt((Rendition one) -> -one.width() * one.height())
          .thenComparing(Rendition::name);

  /** One of a clip. */
  public Rendition(
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
      int revision,
      String note) {
    this(
        id, clip, name, stream, run, state, width, height, indexKey, mp4Key, error, revision, note,
        null);
  }

  /** One of a clip that was made as it was asked for. */
  public Rendition(
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
    this(
        id, clip, name, stream, run, state, width, height, indexKey, mp4Key, error, revision, null);
  }

  public Rendition {
    Ids.requireId("rendition", id);
    Ids.requireId("clip", clip);
  }

  /** The id of a part in another encoding. */
  public static String idOf(String part, String name) {
    String clip = ReelPart.clip(part);
    return clip == null
        ? ReelPart.name(part) + "." + name
        : Ids.withoutRendition(clip) + "." + name + "." + ReelPart.name(part);
  }

  /** What it was made of: the id of a clip, or the object key of a part. */
  public String media() {
    return part == null ? clip : part;
  }

  /**
   * The partition that those of a clip or a part lie in.
   *
   * @param media as of {@link #media}
   */
  public static String partition(String media) {
    String clip = clipOf(media);
    return clip == null
        ? StoreKeys.INSERT_RENDITIONS
        : StoreKeys.renditions(StoreKeys.streamOf(clip));
  }

  /** Its sort key. */
  public String sort() {
    return sort(media(), id);
  }

  /**
   * The sort key of one by its id.
   *
   * @param media as of {@link #media}
   */
  public static String sort(String media, String id) {
    return clipOf(media) == null ? id : StoreKeys.sortOf(id);
  }

  /**
   * Lower bound of the sort keys of all that may be those of a clip or a part; those of a clip and
   * of its parts lie together.
   */
  public static String fromSort(String media) {
    return prefix(media) + ".";
  }

  /** Upper bound of those sort keys. */
  public static String toSort(String media) {
    // The character behind '.'.
    return prefix(media) + "/";
  }

  private static String prefix(String media) {
    String clip = clipOf(media);
    return clip == null ? ReelPart.name(media) : StoreKeys.sortOf(Ids.withoutRendition(clip));
  }

  /** Null for a part that is made of a file. */
  private static String clipOf(String media) {
    return media.indexOf('/') < 0 ? media : ReelPart.clip(media);
  }

  /** Whether it plays. */
  public boolean ready() {
    return state == MediaState.READY;
  }

  /**
   * What there is of a reel in one encoding.
   *
   * @param pieces those that are ready, in order of play, from the first on; at least one
   * @param all whether none is missing
   */
  public record OfReel(List<Rendition> pieces, boolean all) {

    /**
     * By name, the largest first, as far as its pieces have them.
     *
     * @param media of the reel in order of play; one may be shown more than once
     * @param made renditions of each of them
     */
    public static Map<String, OfReel> byName(
        List<String> media, Map<String, List<Rendition>> made) {
      Map<String, List<Rendition>> begun = new LinkedHashMap<>();
      for (int at = 0; at < media.size(); at++) {
        List<Rendition> ready =
            made.get(media.get(at)).stream()
                .filter(Rendition::ready)
                .sorted(LARGEST_FIRST)
                .toList();
        for (Rendition one : ready) {
          List<Rendition> held = begun.computeIfAbsent(one.name(), name -> new ArrayList<>());
          if (held.size() == at) {
            held.add(one);
          }
        }
      }
      Map<String, OfReel> byName = new LinkedHashMap<>();
      begun.forEach(
          (name, held) -> {
            if (!held.isEmpty()) {
              byName.put(name, new OfReel(List.copyOf(held), held.size() == media.size()));
            }
          });
      return byName;
    }
  }
}
