package io.sightline.media.picture;

import io.sightline.records.PictureOptions;
import io.sightline.records.Point;
import java.util.List;

/**
 * How sampled pictures become JPEG.
 *
 * @param quantizer 2 (best) to 31 (smallest); 3 cannot be told from the source by eye
 * @param maxWidth wider pictures are made smaller, in pixels; 0 leaves them as they are
 * @param rotation degrees clockwise, beyond what the source asks for: 0, 90, 180 or 270
 * @param masks polygons that are painted black, in the picture as it is shown
 * @param always whether pictures that are JPEG already are made anew for the sake of the quantizer
 */
public record JpegSettings(
    int quantizer, int maxWidth, int rotation, List<List<Point>> masks, boolean always) {

  public static final JpegSettings DEFAULTS = new JpegSettings(3, 0);

  private static final int BEST = 2;
  private static final int SMALLEST = 31;

  /**
   * A quantizer in steps of {@code quality}: at quality 50 image programs take the table of ITU-T
   * T.81, annex K, whose mean is 57.6; FFmpeg takes that of MPEG, whose mean is 33, in eighths.
   */
  private static final double QUANTIZER_AT_50 = 57.6 / 33 * 8;

  public JpegSettings {
    if (quantizer < BEST || quantizer > SMALLEST) {
      throw new IllegalArgumentException("A JPEG quantizer lies in 2 to 31, not " + quantizer);
    }
    if (maxWidth != 0
        && (maxWidth < PictureOptions.MIN_WIDTH || maxWidth > JpegDecoder.MAX_DIMENSION)) {
      throw new IllegalArgumentException(
          "A maximum width is "
              + PictureOptions.MIN_WIDTH
              + " to "
              + JpegDecoder.MAX_DIMENSION
              + " pixels, or 0 for none, not "
              + maxWidth);
    }
    if (rotation % 90 != 0 || rotation < 0 || rotation >= 360) {
      throw new IllegalArgumentException("A rotation is 0, 90, 180 or 270, not " + rotation);
    }
    masks = List.copyOf(masks);
  }

  public JpegSettings(int quantizer, int maxWidth) {
    this(quantizer, maxWidth, 0, List.of(), false);
  }

  public JpegSettings withMaxWidth(int pixels) {
    return new JpegSettings(quantizer, pixels, rotation, masks, always);
  }

  /** The same with what is asked for a stream. */
  public JpegSettings with(PictureOptions options) {
    boolean asked = options.quality() != null;
    return new JpegSettings(
        asked ? quantizerOf(options.quality()) : quantizer,
        options.width() == null ? maxWidth : options.width(),
        options.rotate(),
        options.masks(),
        asked);
  }

  /**
   * The quantizer that comes closest to a quality as image programs count it: 90 is 3, 50 is 14.
   * Above 93 and below 23 there is nothing better or smaller.
   */
  static int quantizerOf(int quality) {
    double scale = quality < 50 ? 50.0 / quality : 2 - quality / 50.0;
    return Math.max(BEST, Math.min(SMALLEST, (int) Math.round(QUANTIZER_AT_50 * scale)));
  }
}
