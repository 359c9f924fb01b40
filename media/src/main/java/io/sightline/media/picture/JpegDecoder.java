package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
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

  /** Eighths of the full size are the least that a JPEG's 8 x 8 blocks give. */
  private static final int MAX_HALVINGS = 3;

  /** By how often width and height are halved; opened when first needed. */
  private final AVCodecContext[] contexts = new AVCodecContext[MAX_HALVINGS + 1];

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
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    converted = avutil.av_frame_alloc();
    scaler = swscale.sws_alloc_context();
    if (packet == null || frame == null || converted == null || scaler == null) {
      close();
      throw noMemory();
    }
    // The same on every processor. Accurate rounding would cost three times as much, unseen;
    // bicubic
    // costs a third of a millisecond more than bilinear and keeps sharp what is small.
    scaler.flags(swscale.SWS_BICUBIC | swscale.SWS_BITEXACT);
    scaler.threads(1);
  }

  /**
   * The pixels in the forms wanted. Colour that is smaller than the JPEG is made of all its pixels,
   * so that nothing small is skipped.
   *
   * @throws MediaException MALFORMED when it is no JPEG or damaged, UNSUPPORTED when it is too
   *     large
   */
  public DecodedJpeg decode(byte[] jpeg, JpegForms forms) throws MediaException {
    JpegHeader header = JpegHeader.read(ByteBuffer.wrap(jpeg));
    int halvings = halvings(header, forms);
    AVCodecContext context = context(halvings);
    try {
      send(context, jpeg, header.lengthBytes());
      int code = avcodec.avcodec_receive_frame(context, frame);
      boolean whole =
          code >= 0
              && frame.width() == halved(header.width(), halvings)
              && frame.height() == halved(header.height(), halvings);
      if (!whole) {
        throw damaged();
      }
      frame.color_range(avutil.AVCOL_RANGE_JPEG);
      byte[] luma = forms.luma() ? luma() : null;
      Map<PictureSize, byte[]> bgr = new HashMap<>();
      for (PictureSize size : forms.bgr()) {
        bgr.put(size, rows(converted(avutil.AV_PIX_FMT_BGR24, size), 3 * size.width()));
      }
      return new DecodedJpeg(header.width(), header.height(), luma, bgr);
    } finally {
      avutil.av_frame_unref(frame);
      avcodec.avcodec_flush_buffers(context);
    }
  }

  /** How often the sides may be halved in decoding and still be as long as what is wanted. */
  private static int halvings(JpegHeader header, JpegForms forms) {
    if (forms.luma()) {
      return 0;
    }
    int halvings = MAX_HALVINGS;
    for (PictureSize size : forms.bgr()) {
      while (halvings > 0
          && (halved(header.width(), halvings) < size.width()
              || halved(header.height(), halvings) < size.height())) {
        halvings--;
      }
    }
    return halvings;
  }

  private static int halved(int side, int halvings) {
    return (side + (1 << halvings) - 1) >> halvings;
  }

  private AVCodecContext context(int halvings) throws MediaException {
    if (contexts[halvings] == null) {
      AVCodec codec =
          FfmpegError.allocated(avcodec.avcodec_find_decoder(avcodec.AV_CODEC_ID_MJPEG));
      AVCodecContext context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
      context.thread_count(1);
      context.max_pixels((long) MAX_DIMENSION * MAX_DIMENSION);
      context.lowres(halvings);
      // A picture with a damaged part is an error, not a grey patch that looks like an object.
      context.err_recognition(avcodec.AV_EF_EXPLODE);
      AVDictionary none = null;
      if (avcodec.avcodec_open2(context, codec, none) < 0) {
        avcodec.avcodec_free_context(context);
        throw noMemory();
      }
      contexts[halvings] = context;
    }
    return contexts[halvings];
  }

  private void send(AVCodecContext context, byte[] jpeg, int length) throws MediaException {
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

  private byte[] luma() throws MediaException {
    if (hasLumaPlane(frame.format())) {
      return rows(frame, frame.width());
    }
    PictureSize size = new PictureSize(frame.width(), frame.height());
    return rows(converted(avutil.AV_PIX_FMT_GRAY8, size), frame.width());
  }

  private AVFrame converted(int format, PictureSize size) throws MediaException {
    avutil.av_frame_unref(converted);
    converted.width(size.width()).height(size.height()).format(format);
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

  private static MediaException noMemory() {
    return new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
  }

  @Override
  public void close() {
    swscale.sws_free_context(scaler);
    avutil.av_frame_free(converted);
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    for (AVCodecContext context : contexts) {
      if (context != null) {
        avcodec.avcodec_free_context(context);
      }
    }
  }
}
