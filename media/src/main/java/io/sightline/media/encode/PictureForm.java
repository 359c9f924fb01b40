package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.records.Point;
import java.util.function.LongFunction;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Brings pictures into the form of an encoder: its size, framing and pixel format (4:2:0). Those
 * that have it pass untouched. Owns native memory until closed.
 */
final class PictureForm implements AutoCloseable {

  private static final int PLANES = 3;

  private final int width;
  private final int height;
  private final int format;
  private final Framing framing;
  private final LongFunction<Point> centres;
  private final int left;
  private final int top;
  private final int filledWidth;
  private final int filledHeight;
  private final AVFrame made;
  private SwsContext scaler;
  private Source madeFor;
  private PointerPointer<BytePointer> planes;
  private SizeTPointer strides;

  /** What a scaler is made for. */
  private record Source(int width, int height, int format, boolean full) {

    static Source of(AVFrame picture, boolean full) {
      return new Source(picture.width(), picture.height(), picture.format(), full);
    }
  }

  /**
   * @param format the encoder's; of 8 bits where pictures are framed
   * @param centres by time of a picture, the middle of what is seen of it
   */
  PictureForm(Framing framing, int format, LongFunction<Point> centres) throws MediaException {
    this.framing = framing;
    this.format = format;
    this.centres = centres;
    width = framing.width();
    height = framing.height();
    filledWidth = even(width * framing.filledWidth());
    filledHeight = even(height * framing.filledHeight());
    left = even((width - filledWidth) / 2.0);
    top = even((height - filledHeight) / 2.0);
    made = FfmpegError.allocated(avutil.av_frame_alloc());
  }

  /** How much is cut off before what is seen. */
  private static int before(double centre, int seen, int side) {
    return even(Math.max(0, Math.min(side - seen, centre * side - seen / 2.0)));
  }

  private static int even(double side) {
    return (int) side / 2 * 2;
  }

  /**
   * @param picture of which what is not to be seen is cut off
   * @return borrowed until the next call; its time is that of the picture
   */
  AVFrame of(AVFrame picture) throws MediaException {
    crop(picture);
    boolean plain =
        picture.format() == format
            || format == avutil.AV_PIX_FMT_YUV420P
                && picture.format() == avutil.AV_PIX_FMT_YUVJ420P;
    boolean filled = filledWidth == width && filledHeight == height;
    if (plain && filled && picture.width() == width && picture.height() == height) {
      return picture;
    }
    boolean full = fullRange(picture);
    if (scaler == null || !madeFor.equals(Source.of(picture, full))) {
      scaler(picture, full);
    }
    avutil.av_frame_unref(made);
    made.width(width).height(height).format(format);
    FfmpegError.check(
        avutil.av_frame_get_buffer(made, 0),
        Reason.UNAVAILABLE,
        "There is no memory left for pictures");
    made.color_range(full ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    swscale.sws_scale(
        scaler,
        picture.data(),
        picture.linesize(),
        0,
        picture.height(),
        filled ? made.data() : within(made),
        made.linesize());
    made.pts(picture.pts());
    return made;
  }

  private void crop(AVFrame picture) throws MediaException {
    if (framing.seenWidth() == 1 && framing.seenHeight() == 1) {
      return;
    }
    Point centre = centres.apply(picture.pts());
    int seenWidth = even(picture.width() * framing.seenWidth());
    int seenHeight = even(picture.height() * framing.seenHeight());
    int leftOut = before(centre.x(), seenWidth, picture.width());
    int topOut = before(centre.y(), seenHeight, picture.height());
    picture.crop_left(leftOut).crop_right(picture.width() - leftOut - seenWidth);
    picture.crop_top(topOut).crop_bottom(picture.height() - topOut - seenHeight);
    FfmpegError.check(
        avutil.av_frame_apply_cropping(picture, avutil.AV_FRAME_CROP_UNALIGNED),
        Reason.UNSUPPORTED,
        "Pictures of this form cannot be cut to another shape");
  }

  /** Where in a picture, which becomes black, the smaller one begins. */
  private PointerPointer<BytePointer> within(AVFrame black) {
    if (planes == null) {
      planes = new PointerPointer<>(PLANES + 1);
      strides = new SizeTPointer(PLANES + 1);
    }
    for (int plane = 0; plane < PLANES; plane++) {
      strides.put(plane, black.linesize(plane));
    }
    avutil.av_image_fill_black(
        black.data(), strides, avutil.AV_PIX_FMT_YUV420P, black.color_range(), width, height);
    for (int plane = 0; plane < PLANES; plane++) {
      int half = plane == 0 ? 1 : 2;
      long at = (long) top / half * black.linesize(plane) + left / half;
      planes.put(plane, black.data(plane).getPointer(at));
    }
    return planes;
  }

  private void scaler(AVFrame picture, boolean full) throws MediaException {
    free();
    DoublePointer none = null;
    scaler =
        swscale.sws_getContext(
            picture.width(),
            picture.height(),
            picture.format(),
            filledWidth,
            filledHeight,
            format,
            swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND,
            null,
            null,
            none);
    if (scaler == null || scaler.isNull()) {
      scaler = null;
      throw new MediaException(Reason.UNSUPPORTED, "Pictures of this form cannot be encoded");
    }
    // The matrix stays, so only the range matters: full to full, limited to limited.
    IntPointer table = swscale.sws_getCoefficients(swscale.SWS_CS_DEFAULT);
    int range = full ? 1 : 0;
    swscale.sws_setColorspaceDetails(scaler, table, range, table, range, 0, 1 << 16, 1 << 16);
    madeFor = Source.of(picture, full);
  }

  static boolean fullRange(AVFrame picture) {
    return picture.color_range() == avutil.AVCOL_RANGE_JPEG
        || picture.format() == avutil.AV_PIX_FMT_YUVJ420P
        || picture.format() == avutil.AV_PIX_FMT_YUVJ422P
        || picture.format() == avutil.AV_PIX_FMT_YUVJ444P
        || picture.format() == avutil.AV_PIX_FMT_YUVJ440P
        || picture.format() == avutil.AV_PIX_FMT_YUVJ411P;
  }

  @Override
  public void close() {
    avutil.av_frame_free(made);
    free();
    if (planes != null) {
      planes.close();
      strides.close();
      planes = null;
    }
  }

  private void free() {
    if (scaler != null) {
      swscale.sws_freeContext(scaler);
      scaler = null;
    }
  }
}
