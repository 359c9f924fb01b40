package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Brings pictures into the form of an encoder: its size, 8 bits, 4:2:0. Those that have it pass
 * untouched. Owns native memory until closed.
 */
final class PictureForm implements AutoCloseable {

  private final int width;
  private final int height;
  private final AVFrame made;
  private SwsContext scaler;
  private Source madeFor;

  /** What a scaler is made for. */
  private record Source(int width, int height, int format, boolean full) {

    static Source of(AVFrame picture, boolean full) {
      return new Source(picture.width(), picture.height(), picture.format(), full);
    }
  }

  PictureForm(int width, int height) throws MediaException {
    this.width = width;
    this.height = height;
    made = FfmpegError.allocated(avutil.av_frame_alloc());
  }

  /** Borrowed until the next call; its time is that of the picture. */
  AVFrame of(AVFrame picture) throws MediaException {
    boolean plain =
        picture.format() == avutil.AV_PIX_FMT_YUV420P
            || picture.format() == avutil.AV_PIX_FMT_YUVJ420P;
    if (plain && picture.width() == width && picture.height() == height) {
      return picture;
    }
    boolean full = fullRange(picture);
    if (scaler == null || !madeFor.equals(Source.of(picture, full))) {
      scaler(picture, full);
    }
    avutil.av_frame_unref(made);
    made.width(width).height(height).format(avutil.AV_PIX_FMT_YUV420P);
    FfmpegError.check(
        avutil.av_frame_get_buffer(made, 0),
        Reason.UNAVAILABLE,
        "There is no memory left for pictures");
    swscale.sws_scale(
        scaler,
        picture.data(),
        picture.linesize(),
        0,
        picture.height(),
        made.data(),
        made.linesize());
    made.pts(picture.pts());
    made.color_range(full ? avutil.AVCOL_RANGE_JPEG : avutil.AVCOL_RANGE_MPEG);
    return made;
  }

  private void scaler(AVFrame picture, boolean full) throws MediaException {
    free();
    DoublePointer none = null;
    scaler =
        swscale.sws_getContext(
            picture.width(),
            picture.height(),
            picture.format(),
            width,
            height,
            avutil.AV_PIX_FMT_YUV420P,
            swscale.SWS_BICUBIC | swscale.SWS_ACCURATE_RND,
            null,
            null,
            none);
    if (scaler == null || scaler.isNull()) {
      scaler = null;
      throw new MediaException(
          Reason.UNSUPPORTED, "Pictures of this form cannot be encoded as H.264");
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
  }

  private void free() {
    if (scaler != null) {
      swscale.sws_freeContext(scaler);
      scaler = null;
    }
  }
}
