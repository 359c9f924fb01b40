package io.sightline.records;

/**
 * What came of a {@link ReelPartOrder}; stored as the object that it names. In another encoding it
 * is the same, stored as the object that its {@link Rendition} names.
 *
 * @param open of a clip: what is the same whatever follows it; null when that is nothing
 * @param last the clip when nothing follows, or the file in the clip's form; null when it failed
 * @param joined the clip when another one follows; null with a file, and when it failed
 * @param note how it differs from what was asked, in words; null when it does not
 * @param error why it failed; null when it did not
 */
public record ReelPart(
    ClipIndex open, ClipIndex last, ClipIndex joined, String note, String error) {

  private static final String CLIPS = "clips/";

  /** Nothing came of it. */
  public static ReelPart failed(String error) {
    return new ReelPart(null, null, null, null, error);
  }

  /** The folder of all that a part consists of, by its key, with a slash at its end. */
  public static String folder(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1);
  }

  /** What a part is called among others; no two are called the same. */
  public static String name(String key) {
    String folder = key.substring(0, Math.max(0, key.lastIndexOf('/')));
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  /** The clip that a part is made of, by its key; null when it is made of a file. */
  public static String clip(String key) {
    return key.startsWith(CLIPS)
        ? key.substring(CLIPS.length(), key.indexOf('/', CLIPS.length()))
        : null;
  }
}
