package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Point;
import io.sightline.records.Rational;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;

/** Makes sampled frames of decoded pictures, or of pictures that are JPEG already. */
final class FrameMaker {

  private static final String MJPEG = "mjpeg";

  /** {@code AV_FRAME_FLAG_KEY}, which the presets leave out. */
  private static final int FLAG_KEY = 1 << 1;

  private final SourceTrack track;
  private final JpegSettings settings;
  private final PictureMask mask;

  FrameMaker(SourceTrack track, JpegSettings settings) {
    this.track = track;
    this.settings = settings;
    this.mask = new PictureMask(settings.masks());
  }

  /**
   * A frame of a decoded picture.
   *
   * @param picture stays the caller's; its description may be changed
   */
  SampledFrame of(AVFrame picture, long pts) throws MediaException {
    boolean keyframe = (picture.flags() & FLAG_KEY) != 0;
    PictureShape shape =
        PictureShape.of(
            picture.width(), picture.height(), aspect(picture), rotation(), settings.maxWidth());
    byte[] jpeg = JpegMakers.make(picture, shape, mask, settings.quantizer());
    return new SampledFrame(pts, shape.shownWidth(), shape.shownHeight(), keyframe, jpeg);
  }

  /**
   * The packet's own bytes, when they are a whole JPEG that already looks as it should.
   *
   * @return empty when it must be decoded first
   * @throws MediaException MALFORMED or UNSUPPORTED when it is no JPEG to be shown to anybody
   */
  Optional<SampledFrame> passedOn(Packet packet, long pts) throws MediaException {
    if (!takesJpeg() || settings.always() || !settings.masks().isEmpty()) {
      return Optional.empty();
    }
    JpegHeader header = JpegHeader.read(packet.data());
    PictureShape shape =
        PictureShape.of(
            header.width(), header.height(), track.sampleAspect(), rotation(), settings.maxWidth());
    boolean asItIs =
        shape.equals(new PictureShape(header.width(), header.height(), 0))
            && header.width() == track.width()
            && header.height() == track.height()
            && header.hasTables()
            && header.components() != 4
            && track.parameters().colorRangeId() != avutil.AVCOL_RANGE_MPEG;
    if (!asItIs) {
      return Optional.empty();
    }
    byte[] jpeg = new byte[header.lengthBytes()];
    packet.data().get(jpeg);
    return Optional.of(new SampledFrame(pts, header.width(), header.height(), true, jpeg));
  }

  /** Whether the source's pictures are JPEG, each by itself. */
  boolean takesJpeg() {
    return track.codec().equals(MJPEG);
  }

  /** The masks in the picture as it is coded, before it is turned. */
  List<List<Point>> codedMasks() {
    return settings.masks().stream()
        .map(mask -> mask.stream().map(this::turnedBack).toList())
        .toList();
  }

  private Point turnedBack(Point shown) {
    return switch (rotation()) {
      case 90 -> new Point(shown.y(), 1 - shown.x());
      case 180 -> new Point(1 - shown.x(), 1 - shown.y());
      case 270 -> new Point(1 - shown.y(), shown.x());
      default -> shown;
    };
  }

  private int rotation() {
    return (track.rotation() + settings.rotation()) % 360;
  }

  private Rational aspect(AVFrame picture) {
    Rational container = track.sampleAspect();
    if (container.numerator() != container.denominator()) {
      return container;
    }
    AVRational coded = picture.sample_aspect_ratio();
    return coded.num() <= 0 || coded.den() <= 0
        ? container
        : new Rational(coded.num(), coded.den());
  }
}
