package io.sightline.records;

/**
 * What came of a {@link ReelPartOrder}; stored as the object that it names.
 *
 * @param open of a clip: what is the same whatever follows it; null when that is nothing
 * @param last the clip when nothing follows, or the file in the clip's form; null when it failed
 * @param joined the clip when another one follows; null with a file, and when it failed
 * @param note how it differs from what was asked, in words; null when it does not
 * @param error why it failed; null when it did not
 */
public record ReelPart(
    ClipIndex open, ClipIndex last, ClipIndex joined, String note, String error) {

  /** Nothing came of it. */
  public static ReelPart failed(String error) {
    return new ReelPart(null, null, null, null, error);
  }
}
