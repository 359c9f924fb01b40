package io.sightline.records;

/**
 * One sampled picture; its JPEG travels beside it.
 *
 * @param capturedMicros wall clock when its packet arrived, for measuring latency only
 * @param width of the JPEG, in pixels
 * @param height of the JPEG, in pixels
 * @param sizeBytes of the JPEG
 * @param keyframe whether it was a keyframe of the source
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
    boolean keyframe)
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
  }

  public String id() {
    return Ids.frame(stream, epoch, positionMicros);
  }

  @Override
  public Lane lane() {
    return Lane.FRAMES;
  }
}
