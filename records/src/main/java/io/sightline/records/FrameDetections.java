package io.sightline.records;

import java.util.List;

/**
 * All that the profile's analyzers saw in one frame; published once per frame, in order, also when
 * they saw nothing.
 *
 * @param capturedMicros wall clock when the frame's packet arrived
 * @param width of the analysed picture, in pixels
 * @param height of the analysed picture, in pixels
 * @param pictureKey object key of the kept picture; null when it is not kept
 * @param error why analysis failed; null when it did not
 * @param late whether it is a retried failure: stored and shown, never fed to a classifier
 * @param turned degrees clockwise by which the analysed picture was turned beyond what the source
 *     asks for, so that the recording is not: 90, 180 or 270; null when it was not
 */
public record FrameDetections(
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    long capturedMicros,
    int width,
    int height,
    List<Detection> detections,
    String pictureKey,
    String error,
    boolean late,
    Integer turned)
    implements StreamItem {

  public FrameDetections {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
    detections = detections == null ? List.of() : List.copyOf(detections);
    turned = FrameInfo.checkedTurn(turned);
  }

  /** Of a picture that was not turned. */
  public FrameDetections(
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      long capturedMicros,
      int width,
      int height,
      List<Detection> detections,
      String pictureKey,
      String error,
      boolean late) {
    this(
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        capturedMicros,
        width,
        height,
        detections,
        pictureKey,
        error,
        late,
        null);
  }

  /** Where a point of the analysed picture lies in the recording as it is shown. */
  public Point inRecording(Point point) {
    return point.turned(turned == null ? 0 : 360 - turned);
  }

  public String frameId() {
    return Ids.frame(stream, epoch, positionMicros);
  }

  @Override
  public Lane lane() {
    return Lane.FRAMES;
  }
}
