package io.sightline.records;

/**
 * A part of a reel that has to be encoded, as a replay asks the clipper for it. Asked for again, it
 * is made once: what comes of it is a {@link ReelPart} under its key, which names all that it is
 * made of.
 *
 * @param key object key of what comes of it
 * @param index object key of a ClipIndex: of the clip that fades, or of one whose form a file takes
 *     on
 * @param in how the clip begins; null when as it is
 * @param out how the clip ends when another one follows; null when as it is
 * @param file object key of a video that is brought into the form of the clip; null for a clip that
 *     fades
 * @param sound which sound track of the file plays beside a clip that has only one, 1-based, or the
 *     last it has; null for its first, and where the clip has more: then each plays as its own
 */
public record ReelPartOrder(
    String key, String index, Fade in, Fade out, String file, Integer sound) {

  /**
   * One end of a clip.
   *
   * @param micros how long
   * @param rgb the backdrop as 0xRRGGBB, where it is no picture
   * @param picture object key of a PNG or JPEG that is the backdrop; null for a colour
   */
  public record Fade(long micros, int rgb, String picture) {}

  /** The same under another key. */
  public ReelPartOrder under(String otherKey) {
    return new ReelPartOrder(otherKey, index, in, out, file, sound);
  }

  /** One whose sound tracks are those of the clip, in their order. */
  public ReelPartOrder(String key, String index, Fade in, Fade out, String file) {
    this(key, index, in, out, file, null);
  }

  public ReelPartOrder {
    if (key == null || index == null) {
      throw new IllegalArgumentException(
          "A part of a reel is asked for by a key and a clip's index");
    }
  }
}
