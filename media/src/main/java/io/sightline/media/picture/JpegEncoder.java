package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Encodes full-range YUV pictures as JPEG. Keeps one encoder as long as size and format stay. Not
 * thread-safe; owns native memory until closed.
 */
final class JpegEncoder implements AutoCloseable {

  private final int quantizer;
  private final AVPacket packet;

  private AVCodecContext context;

  JpegEncoder(int quantizer) throws MediaException {
    FfmpegLog.install();
    this.quantizer = quantizer;
    this.packet = FfmpegError.allocated(avcodec.av_packet_alloc());
  }

  /**
   * Encodes a picture.
   *
   * @param picture in {@code yuvj420p}, {@code yuvj422p} or {@code yuvj444p}; stays the caller's,
   *     but its quality and its colour range are set
   */
  byte[] encode(AVFrame picture) throws MediaException {
    if (context == null
        || context.width() != picture.width()
        || context.height() != picture.height()
        || context.pix_fmt() != picture.format()) {
      open(picture);
    }
    picture.quality(context.global_quality());
    picture.color_range(avutil.AVCOL_RANGE_JPEG);
    picture.pict_type(avutil.AV_PICTURE_TYPE_NONE);
    FfmpegError.check(
        avcodec.avcodec_send_frame(context, picture), Reason.UNAVAILABLE, "No JPEG was made");
    FfmpegError.check(
        avcodec.avcodec_receive_packet(context, packet), Reason.UNAVAILABLE, "No JPEG was made");
    try {
      byte[] jpeg = new byte[packet.size()];
      packet.data().get(jpeg);
      return jpeg;
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  private void open(AVFrame picture) throws MediaException {
    free();
    AVCodec codec = FfmpegError.allocated(avcodec.avcodec_find_encoder(avcodec.AV_CODEC_ID_MJPEG));
    AVDictionary none = null;
    context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    context.width(picture.width()).height(picture.height()).pix_fmt(picture.format());
    context.time_base().num(1).den(1);
    context.sample_aspect_ratio().num(1).den(1);
    context.color_range(avutil.AVCOL_RANGE_JPEG);
    context.thread_count(1);
    // Bit exact: no name of a library version in the file, the same bytes from the same picture.
    context.flags(context.flags() | avcodec.AV_CODEC_FLAG_QSCALE | avcodec.AV_CODEC_FLAG_BITEXACT);
    context.global_quality(avutil.FF_QP2LAMBDA * quantizer);
    context.qmin(2).qmax(31);
    // The tables of T.81 instead of the best for each picture: those take a sixth more time and
    // eight
    // bytes of memory a pixel, for seven percent of the size.
    avutil.av_opt_set(context.priv_data(), "huffman", "default", 0);
    int code = avcodec.avcodec_open2(context, codec, none);
    if (code < 0) {
      free();
      throw new MediaException(
          Reason.UNAVAILABLE, "The JPEG encoder does not start: " + FfmpegError.text(code));
    }
  }

  private void free() {
    if (context != null) {
      avcodec.avcodec_free_context(context);
      context = null;
    }
  }

  @Override
  public void close() {
    free();
    avcodec.av_packet_free(packet);
  }
}
