package io.sightline.media.picture;

/**
 * A size in pixels.
 *
 * @param width 1 to {@link JpegDecoder#MAX_DIMENSION}
 * @param height 1 to {@link JpegDecoder#MAX_DIMENSION}
 */
public record PictureSize(int width, int height) {

  public PictureSize {
    if (width < 1
        || height < 1
        || width > JpegDecoder.MAX_DIMENSION
        || height > JpegDecoder.MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "A picture has 1 to "
              + JpegDecoder.MAX_DIMENSION
              + " pixels a side, not "
              + width
              + " x "
              + height);
    }
  }
}
