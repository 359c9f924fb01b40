package io.sightline.media.encode;

import io.sightline.media.source.SourceTrack;
import io.sightline.records.Point;
import io.sightline.records.RenditionSpec;

/**
 * How the pictures of a track fill those of a rendition. Shares are of a side, above 0 and at most
 * 1; what stays black is the same on both sides.
 *
 * @param width of the rendition, in pixels as coded, before rotation; even
 * @param height of the rendition, in pixels as coded, before rotation; even
 * @param seenWidth share of the recorded picture that is seen
 * @param seenHeight share of the recorded picture that is seen
 * @param filledWidth share of the rendition's picture that it fills
 * @param filledHeight share of the rendition's picture that it fills
 */
record Framing(
    int width,
    int height,
    double seenWidth,
    double seenHeight,
    double filledWidth,
    double filledHeight) {

  private static final int MIN_SIDE = 16;

  /** The whole picture becomes one of this size. */
  static Framing whole(int width, int height) {
    return new Framing(width, height, 1, 1, 1, 1);
  }

  /** Pixels of a rendition are square, whatever those of the recording are. */
  static Framing of(SourceTrack track, RenditionSpec wanted) {
    boolean sideways = track.rotation() % 180 != 0;
    double shown = track.width() * track.sampleAspect().toDouble() / track.height();
    double width;
    double height;
    if (wanted.aspect() == null) {
      double stretched = track.width() * track.sampleAspect().toDouble();
      double shrink = Math.min(1, wanted.size() / Math.min(stretched, track.height()));
      width = (sideways ? track.height() : stretched) * shrink;
      height = (sideways ? stretched : track.height()) * shrink;
    } else {
      double wide = wanted.aspect().ratio();
      width = wide >= 1 ? wanted.size() * wide : wanted.size();
      height = wide >= 1 ? wanted.size() : wanted.size() / wide;
    }
    int codedWidth = even(sideways ? height : width);
    int codedHeight = even(sideways ? width : height);
    Framing whole = whole(codedWidth, codedHeight);
    if (wanted.aspect() == null || wanted.fit() == RenditionSpec.Fit.STRETCH) {
      return whole;
    }
    // Above 1 the recording is the wider one.
    double wider = shown / ((double) codedWidth / codedHeight);
    double narrow = Math.min(1, 1 / wider);
    double low = Math.min(1, wider);
    return wanted.fit() == RenditionSpec.Fit.COVER
        ? new Framing(codedWidth, codedHeight, narrow, low, 1, 1)
        : new Framing(codedWidth, codedHeight, 1, 1, low, narrow);
  }

  /** The same shares of pictures of another size. */
  Framing in(int otherWidth, int otherHeight) {
    return new Framing(otherWidth, otherHeight, seenWidth, seenHeight, filledWidth, filledHeight);
  }

  /** Where a point of a picture as it is shown lies in it as it is coded. */
  static Point coded(Point shown, int rotation) {
    return switch (rotation) {
      case 90 -> new Point(shown.y(), 1 - shown.x());
      case 180 -> new Point(1 - shown.x(), 1 - shown.y());
      case 270 -> new Point(1 - shown.y(), shown.x());
      default -> shown;
    };
  }

  private static int even(double side) {
    return Math.max(MIN_SIDE, (int) Math.round(side / 2) * 2);
  }
}
