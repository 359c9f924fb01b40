package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;

/**
 * Makes decoded pictures ready for JPEG: full range, the colour matrix of BT.601 (JFIF knows no
 * other), square pixels, upright, masked. A picture that is all that already is passed on as it is.
 * Not thread-safe; owns native memory until closed.
 */
final class PicturePainter implements AutoCloseable {

  /** Sources that do not say: from this width on they are taken for high definition. */
  private static final int HIGH_DEFINITION_WIDTH = 1280;

  /** {@code AV_FRAME_FLAG_INTERLACED}; the presets lack it. */
  private static final int FLAG_INTERLACED = 1 << 3;

  private final AVFrame scaled;
  private final AVFrame turned;
  private final SwsContext scaler;

  PicturePainter() throws MediaException {
    scaled = FfmpegError.allocated(avutil.av_frame_alloc());
    turned = FfmpegError.allocated(avutil.av_frame_alloc());
    scaler = FfmpegError.allocated(swscale.sws_alloc_context());
    // The same on every processor. Accurate rounding would cost three times as much, unseen.
    scaler.flags(swscale.SWS_BILINEAR | swscale.SWS_BITEXACT);
    scaler.threads(1);
  }

  /**
   * Paints a decoded picture.
   *
   * @param from stays the caller's, but its colour description is completed
   * @param mask what is hidden of it
   * @return borrowed until the next call; may be {@code from}
   */
  AVFrame paint(AVFrame from, PictureShape shape, PictureMask mask) throws MediaException {
    int format = targetFormat(from.format(), shape.sideways());
    complete(from);
    AVFrame straight = from;
    if (from.width() != shape.width()
        || from.height() != shape.height()
        || !isPlain(from)
        || plain(from.format()) != format) {
      straight = scale(from, shape, format);
    } else {
      from.format(format);
    }
    AVFrame painted = shape.rotation() == 0 ? straight : turn(straight, shape);
    if (mask.isEmpty()) {
      return painted;
    }
    AVFrame own = painted == from ? copy(from) : painted;
    mask.paint(own, shiftX(own), shiftY(own));
    return own;
  }

  /** The decoder may still refer to its pictures. */
  private AVFrame copy(AVFrame from) throws MediaException {
    prepare(scaled, from.width(), from.height(), from.format());
    FfmpegError.check(
        avutil.av_frame_copy(scaled, from), Reason.UNAVAILABLE, "A picture cannot be copied");
    return scaled;
  }

  private AVFrame scale(AVFrame from, PictureShape shape, int format) throws MediaException {
    prepare(scaled, shape.width(), shape.height(), format);
    scaled.color_range(avutil.AVCOL_RANGE_JPEG);
    scaled.colorspace(avutil.AVCOL_SPC_BT470BG);
    scaled.color_primaries(from.color_primaries());
    scaled.color_trc(from.color_trc());
    scaled.chroma_location(from.chroma_location());
    // Lines of two fields stay apart; a scaler refuses to make whole pictures of them.
    scaled.flags(scaled.flags() & ~FLAG_INTERLACED | from.flags() & FLAG_INTERLACED);
    FfmpegError.check(
        swscale.sws_scale_frame(scaler, scaled, from),
        Reason.UNSUPPORTED,
        "Pictures of this pixel format cannot be converted");
    return scaled;
  }

  private AVFrame turn(AVFrame from, PictureShape shape) throws MediaException {
    prepare(turned, shape.shownWidth(), shape.shownHeight(), from.format());
    int shiftX = shiftX(from);
    int shiftY = shiftY(from);
    for (int plane = 0; plane < 3; plane++) {
      int width = plane == 0 ? from.width() : half(from.width(), shiftX);
      int height = plane == 0 ? from.height() : half(from.height(), shiftY);
      PlaneTurn.turn(
          from.data(plane),
          from.linesize(plane),
          width,
          height,
          turned.data(plane),
          turned.linesize(plane),
          shape.rotation());
    }
    return turned;
  }

  private static void prepare(AVFrame frame, int width, int height, int format)
      throws MediaException {
    if (frame.width() != width || frame.height() != height || frame.format() != format) {
      avutil.av_frame_unref(frame);
      frame.width(width).height(height).format(format);
      FfmpegError.check(
          avutil.av_frame_get_buffer(frame, 0),
          Reason.UNAVAILABLE,
          "There is no memory left for a picture of " + width + "x" + height);
    }
    // An encoder may still hold the picture before.
    FfmpegError.check(
        avutil.av_frame_make_writable(frame),
        Reason.UNAVAILABLE,
        "There is no memory left for media");
  }

  /** Fills in what the source does not say, as players do. */
  private static void complete(AVFrame frame) {
    if (frame.color_range() == avutil.AVCOL_RANGE_UNSPECIFIED) {
      frame.color_range(
          frame.format() == plain(frame.format())
              ? avutil.AVCOL_RANGE_JPEG
              : avutil.AVCOL_RANGE_MPEG);
    }
    int matrix = frame.colorspace();
    if (matrix == avutil.AVCOL_SPC_UNSPECIFIED || matrix == avutil.AVCOL_SPC_RESERVED) {
      boolean high =
          frame.width() >= HIGH_DEFINITION_WIDTH && frame.color_range() != avutil.AVCOL_RANGE_JPEG;
      frame.colorspace(high ? avutil.AVCOL_SPC_BT709 : avutil.AVCOL_SPC_BT470BG);
    }
  }

  private static boolean isPlain(AVFrame frame) {
    int matrix = frame.colorspace();
    return frame.color_range() == avutil.AVCOL_RANGE_JPEG
        && (matrix == avutil.AVCOL_SPC_BT470BG || matrix == avutil.AVCOL_SPC_SMPTE170M);
  }

  /** JPEG's name for a format of 8-bit planes; -1 for others. */
  private static int plain(int format) {
    if (format == avutil.AV_PIX_FMT_YUV420P || format == avutil.AV_PIX_FMT_YUVJ420P) {
      return avutil.AV_PIX_FMT_YUVJ420P;
    }
    if (format == avutil.AV_PIX_FMT_YUV422P || format == avutil.AV_PIX_FMT_YUVJ422P) {
      return avutil.AV_PIX_FMT_YUVJ422P;
    }
    if (format == avutil.AV_PIX_FMT_YUV444P || format == avutil.AV_PIX_FMT_YUVJ444P) {
      return avutil.AV_PIX_FMT_YUVJ444P;
    }
    return -1;
  }

  private static int targetFormat(int format, boolean sideways) {
    int plain = plain(format);
    // Turned by a quarter, 4:2:2 would be 4:4:0.
    boolean keeps = plain >= 0 && !(sideways && plain == avutil.AV_PIX_FMT_YUVJ422P);
    return keeps ? plain : avutil.AV_PIX_FMT_YUVJ420P;
  }

  private static int shiftX(AVFrame frame) {
    return frame.format() == avutil.AV_PIX_FMT_YUVJ444P ? 0 : 1;
  }

  private static int shiftY(AVFrame frame) {
    return frame.format() == avutil.AV_PIX_FMT_YUVJ420P ? 1 : 0;
  }

  private static int half(int length, int shift) {
    return (length + shift) >> shift;
  }

  @Override
  public void close() {
    swscale.sws_free_context(scaler);
    avutil.av_frame_free(turned);
    avutil.av_frame_free(scaled);
  }
}
