package io.sightline.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
 * @param note how it was made otherwise than asked for, in words; null when it was not
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
    String note) {

  /** The largest pictures first; of two as large, by name. */
  public static final Comparator<Rendition> LARGEST_FIRST =
      Comparator.comparingInt((Rendition one) -> -one.width() * one.height())
          .thenComparing(Rendition::name);

  /** One that was made as it was asked for. */
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

  /** Lower bound of the sort keys of a clip's renditions. */
  public static String fromSort(String clip) {
    return StoreKeys.sortOf(Ids.withoutRendition(clip)) + ".";
  }

  /** Upper bound of the sort keys of a clip's renditions. */
  public static String toSort(String clip) {
    // The character behind '.'.
    return StoreKeys.sortOf(Ids.withoutRendition(clip)) + "/";
  }

  /** Whether it plays. */
  public boolean ready() {
    return state == MediaState.READY;
  }

  /**
   * What there is of a reel in one encoding.
   *
   * @param clips those that are ready, in order of play, from the first on; at least one
   * @param all whether none is missing
   */
  public record OfReel(List<Rendition> clips, boolean all) {

    /**
     * By name, the largest first, as far as its clips have them.
     *
     * @param clips of the reel in order of play; one may be shown more than once
     * @param made renditions of each of them
     */
    public static Map<String, OfReel> byName(
        List<String> clips, Map<String, List<Rendition>> made) {
      Map<String, List<Rendition>> begun = new LinkedHashMap<>();
      for (int at = 0; at < clips.size(); at++) {
        List<Rendition> ready =
            made.get(clips.get(at)).stream()
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
              byName.put(name, new OfReel(List.copyOf(held), held.size() == clips.size()));
            }
          });
      return byName;
    }
  }
}
