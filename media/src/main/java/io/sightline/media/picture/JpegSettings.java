package io.sightline.media.picture;

/**
 * How sampled pictures become JPEG.
 *
 * @param quantizer 2 (best) to 31 (smallest); 3 cannot be told from the source by eye
 * @param maxWidth wider pictures are made smaller, in pixels; 0 leaves them as they are
 */
public record JpegSettings(int quantizer, int maxWidth) {

  public static final JpegSettings DEFAULTS = new JpegSettings(3, 0);

  public JpegSettings {
    if (quantizer < 2 || quantizer > 31) {
      throw new IllegalArgumentException("A JPEG quantizer lies in 2 to 31, not " + quantizer);
    }
    if (maxWidth != 0 && (maxWidth < 16 || maxWidth > JpegDecoder.MAX_DIMENSION)) {
      throw new IllegalArgumentException(
          "A maximum width is 16 to "
              + JpegDecoder.MAX_DIMENSION
              + " pixels, or 0 for none, not "
              + maxWidth);
    }
  }

  public JpegSettings withMaxWidth(int pixels) {
    return new JpegSettings(quantizer, pixels);
  }
}
