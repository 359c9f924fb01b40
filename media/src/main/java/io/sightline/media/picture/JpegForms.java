package io.sightline.media.picture;

import java.util.Set;

/**
 * In what forms a JPEG is wanted. Whatever is not wanted is not computed: where all that is wanted
 * is much smaller than the JPEG, it is not even decoded at its full size.
 *
 * @param luma brightness, at full size
 * @param bgr the sizes at which colour is wanted
 */
public record JpegForms(boolean luma, Set<PictureSize> bgr) {

  public JpegForms {
    bgr = Set.copyOf(bgr);
  }

  /** Brightness alone. */
  public static JpegForms lumaOnly() {
    return new JpegForms(true, Set.of());
  }

  /** Colour of one size alone. */
  public static JpegForms bgrOnly(int width, int height) {
    return new JpegForms(false, Set.of(new PictureSize(width, height)));
  }

  /** Whether all that the other asks for is here too. */
  public boolean covers(JpegForms other) {
    return (luma || !other.luma) && bgr.containsAll(other.bgr);
  }
}
