package io.sightline.records;

/**
 * One sampled picture; its JPEG travels beside it.
 *
 * @param capturedMicros wall clock when its packet arrived, for measuring latency only
 * @param width of the JPEG, in pixels
 * @param height of the JPEG, in pixels
 * @param sizeBytes of the JPEG
 * @param keyframe whether it was a keyframe of the source
 * @param turned degrees clockwise by which it was turned beyond what the source asks for: 90, 180
 *     or 270; null when it was not
 */
public record FrameInfo(
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    long capturedMicros,
    int width,
    int height,
    int sizeBytes,
    boolean keyframe,
    Integer turned)
    implements StreamItem {

  /** Larger pictures are refused: no camera has them, and a decoder would pay for them. */
  public static final int MAX_DIMENSION = 8192;

  public FrameInfo {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
    if (width < 1 || height < 1 || width > MAX_DIMENSION || height > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "A frame measures 1 to " + MAX_DIMENSION + " pixels a side, not " + width + "x" + height);
    }
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("A frame has a picture, not " + sizeBytes + " bytes");
    }
    turned = checkedTurn(turned);
  }

  /** One that was not turned. */
  public FrameInfo(
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      long capturedMicros,
      int width,
      int height,
      int sizeBytes,
      boolean keyframe) {
    this(
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        capturedMicros,
        width,
        height,
        sizeBytes,
        keyframe,
        null);
  }

  static Integer checkedTurn(Integer turned) {
    if (turned != null && (turned % 90 != 0 || turned < 0 || turned >= 360)) {
      throw new IllegalArgumentException(
          "A frame is turned by 90, 180 or 270 degrees, not " + turned);
    }
    return turned == null || turned == 0 ? null : turned;
  }

  public String id() {
    return Ids.frame(stream, epoch, positionMicros);
  }

  @Override
  public Lane lane() {
    return Lane.FRAMES;
  }
}
