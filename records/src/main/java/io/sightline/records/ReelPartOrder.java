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
 */
public record ReelPartOrder(String key, String index, Fade in, Fade out, String file) {

  /**
   * One end of a clip.
   *
   * @param micros how long
   * @param rgb the backdrop as 0xRRGGBB, where it is no picture
   * @param picture object key of a PNG or JPEG that is the backdrop; null for a colour
   */
  public record Fade(long micros, int rgb, String picture) {}

  public ReelPartOrder {
    if (key == null || index == null) {
      throw new IllegalArgumentException(
          "A part of a reel is asked for by a key and a clip's index");
    }
  }
}
