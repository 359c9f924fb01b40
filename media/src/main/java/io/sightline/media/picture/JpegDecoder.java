package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * Decodes JPEG from anywhere: the bytes are not trusted. Not thread-safe; owns native memory until
 * closed.
 */
public final class JpegDecoder implements AutoCloseable {

  /** Larger pictures are refused before anything is allocated for them. */
  public static final int MAX_DIMENSION = 8192;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;
  private final AVFrame converted;
  private final SwsContext scaler;

  /**
   * Makes a decoder.
   *
   * @throws MediaException UNAVAILABLE when there is no memory
   */
  public JpegDecoder() throws MediaException {
    FfmpegLog.install();
    AVCodec codec = FfmpegError.allocated(avcodec.avcodec_find_decoder(avcodec.AV_CODEC_ID_MJPEG));
    context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    converted = avutil.av_frame_alloc();
    scaler = swscale.sws_alloc_context();
    AVDictionary none = null;
    context.thread_count(1);
    context.max_pixels((long) MAX_DIMENSION * MAX_DIMENSION);
    // A picture with a damaged part is an error, not a grey patch that looks like an object.
    context.err_recognition(avcodec.AV_EF_EXPLODE);
    boolean complete = packet != null && frame != null && converted != null && scaler != null;
    if (!complete || avcodec.avcodec_open2(context, codec, none) < 0) {
      close();
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
    // The same on every processor. Accurate rounding would cost three times as much, unseen.
    scaler.flags(swscale.SWS_BILINEAR | swscale.SWS_BITEXACT);
    scaler.threads(1);
  }

  /**
   * Brightness and colour.
   *
   * @throws MediaException MALFORMED when it is no JPEG or damaged, UNSUPPORTED when it is too
   *     large
   */
  public DecodedJpeg decode(byte[] jpeg) throws MediaException {
    return decode(jpeg, true);
  }

  /** Brightness alone; {@link DecodedJpeg#bgr()} is null. */
  public DecodedJpeg decodeLuma(byte[] jpeg) throws MediaException {
    return decode(jpeg, false);
  }

  private DecodedJpeg decode(byte[] jpeg, boolean colour) throws MediaException {
    JpegHeader header = JpegHeader.read(ByteBuffer.wrap(jpeg));
    try {
      send(jpeg, header.lengthBytes());
      int code = avcodec.avcodec_receive_frame(context, frame);
      boolean whole =
          code >= 0 && frame.width() == header.width() && frame.height() == header.height();
      if (!whole) {
        throw damaged();
      }
      frame.color_range(avutil.AVCOL_RANGE_JPEG);
      byte[] luma =
          hasLumaPlane(frame.format())
              ? rows(frame, frame.width())
              : rows(converted(avutil.AV_PIX_FMT_GRAY8), frame.width());
      byte[] bgr =
          colour
              ? rows(converted(avutil.AV_PIX_FMT_BGR24), Math.multiplyExact(3, frame.width()))
              : null;
      return new DecodedJpeg(frame.width(), frame.height(), luma, bgr);
    } finally {
      avutil.av_frame_unref(frame);
      avcodec.avcodec_flush_buffers(context);
    }
  }

  private void send(byte[] jpeg, int length) throws MediaException {
    FfmpegError.check(
        avcodec.av_new_packet(packet, length),
        Reason.UNAVAILABLE,
        "There is no memory left for a JPEG of " + length + " bytes");
    try {
      packet.data().put(jpeg, 0, length);
      packet.flags(avcodec.AV_PKT_FLAG_KEY);
      if (avcodec.avcodec_send_packet(context, packet) < 0) {
        throw damaged();
      }
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  private AVFrame converted(int format) throws MediaException {
    avutil.av_frame_unref(converted);
    converted.width(frame.width()).height(frame.height()).format(format);
    converted.color_range(avutil.AVCOL_RANGE_JPEG);
    if (frame.colorspace() == avutil.AVCOL_SPC_UNSPECIFIED) {
      frame.colorspace(avutil.AVCOL_SPC_BT470BG);
    }
    converted.colorspace(
        format == avutil.AV_PIX_FMT_BGR24 ? avutil.AVCOL_SPC_RGB : avutil.AVCOL_SPC_BT470BG);
    converted.color_primaries(frame.color_primaries());
    converted.color_trc(frame.color_trc());
    FfmpegError.check(
        swscale.sws_scale_frame(scaler, converted, frame),
        Reason.UNSUPPORTED,
        "A JPEG of this kind cannot be converted");
    return converted;
  }

  private static byte[] rows(AVFrame from, int rowBytes) {
    byte[] all = new byte[Math.multiplyExact(rowBytes, from.height())];
    int stride = from.linesize(0);
    BytePointer plane = from.data(0);
    for (int y = 0; y < from.height(); y++) {
      plane.position((long) y * stride).get(all, y * rowBytes, rowBytes);
    }
    return all;
  }

  private static boolean hasLumaPlane(int format) {
    return format == avutil.AV_PIX_FMT_YUVJ420P
        || format == avutil.AV_PIX_FMT_YUVJ422P
        || format == avutil.AV_PIX_FMT_YUVJ444P
        || format == avutil.AV_PIX_FMT_YUVJ440P
        || format == avutil.AV_PIX_FMT_YUV420P
        || format == avutil.AV_PIX_FMT_YUV422P
        || format == avutil.AV_PIX_FMT_YUV444P
        || format == avutil.AV_PIX_FMT_GRAY8;
  }

  private static MediaException damaged() {
    return new MediaException(Reason.MALFORMED, "This JPEG is damaged: it cannot be decoded");
  }

  @Override
  public void close() {
    swscale.sws_free_context(scaler);
    avutil.av_frame_free(converted);
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
  }
}
