package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.media.source.CodecParameters;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * OpenH264: pictures in their order of show, one packet for each, with its time; no B-pictures, a
 * keyframe every two seconds. Owns native memory until closed.
 */
final class H264Encoder implements AutoCloseable {

  /** How much is spent on quality. */
  enum Effort {

    /** A tenth of a bit per pixel: what is recorded for long, on one thread. */
    RECORDING("bitrate", 0.1, -1, -1, 1),

    /**
     * Beside copied pictures nobody should see the difference; short, so size matters little.
     * Somebody waits for it, so slices of a picture are encoded beside each other.
     */
    CUTTING("quality", 0.3, 14, 26, 4);

    private final String rateControl;
    private final double bitsPerPixel;
    private final int lowestQuantizer;
    private final int highestQuantizer;
    private final int slices;

    Effort(
        String rateControl,
        double bitsPerPixel,
        int lowestQuantizer,
        int highestQuantizer,
        int slices) {
      this.rateControl = rateControl;
      this.bitsPerPixel = bitsPerPixel;
      this.lowestQuantizer = lowestQuantizer;
      this.highestQuantizer = highestQuantizer;
      this.slices = slices;
    }

    int slices(int height) {
      return height < LEAST_SLICED ? 1 : slices;
    }

    long bitsPerSecond(int width, int height, double rate) {
      return Math.max(
          MIN_BITS_PER_SECOND,
          Math.min(MAX_BITS_PER_SECOND, Math.round(bitsPerPixel * width * height * rate)));
    }
  }

  /** What OpenH264 takes at most, the longer side first. */
  private static final int MAX_LONG = 3_840;

  private static final int MAX_SHORT = 2_160;
  private static final int MIN_SIDE = 16;

  /** Pictures less high are encoded as fast as threads are woken. */
  private static final int LEAST_SLICED = 360;

  private static final double KEYFRAME_SECONDS = 2;
  private static final long MIN_BITS_PER_SECOND = 300_000;
  private static final long MAX_BITS_PER_SECOND = 40_000_000;
  private static final double USUAL_RATE = 25;
  private static final double MAX_RATE = 60;

  private static final int RGB_MATRIX = 0;
  private static final int UNSPECIFIED = 2;

  private final int index;
  private final long keyframeTicks;
  private final SourceTrack track;
  private final int width;
  private final int height;
  private AVCodecContext context;
  private AVPacket packet;

  private boolean started;
  private long lastTicks;
  private long lastKeyframe;

  H264Encoder(SourceTrack source, Effort effort) throws MediaException {
    this.index = source.index();
    this.keyframeTicks =
        Rational.rescale(
            Math.round(KEYFRAME_SECONDS * 1_000), new Rational(1, 1_000), source.timeBase());
    double shrink =
        Math.min(
            1,
            Math.min(
                (double) MAX_LONG / Math.max(source.width(), source.height()),
                (double) MAX_SHORT / Math.min(source.width(), source.height())));
    width = even(source.width() * shrink);
    height = even(source.height() * shrink);
    try {
      packet = FfmpegError.allocated(avcodec.av_packet_alloc());
      context = open(source, width, height, effort);
      track = encoded(source, context);
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int even(double side) {
    return Math.max(MIN_SIDE, (int) side / 2 * 2);
  }

  private static AVCodecContext open(SourceTrack source, int width, int height, Effort effort)
      throws MediaException {
    AVCodec codec = FfmpegError.allocated(avcodec.avcodec_find_encoder_by_name("libopenh264"));
    AVCodecContext context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    AVDictionary settings = new AVDictionary(null);
    Rational declared = source.frameRate();
    double rate =
        declared == null || declared.numerator() == 0
            ? USUAL_RATE
            : Math.max(1, Math.min(MAX_RATE, declared.toDouble()));
    try {
      CodecParameters from = source.parameters();
      context.width(width).height(height).pix_fmt(avutil.AV_PIX_FMT_YUV420P);
      context.time_base().num((int) source.timeBase().numerator());
      context.time_base().den((int) source.timeBase().denominator());
      context.framerate().num((int) Math.round(rate * 1_000)).den(1_000);
      context.sample_aspect_ratio().num((int) source.sampleAspect().numerator());
      context.sample_aspect_ratio().den((int) source.sampleAspect().denominator());
      context.color_range(
          source.codec().equals("mjpeg") ? avutil.AVCOL_RANGE_JPEG : from.colorRangeId());
      context.color_primaries(from.colorPrimariesId());
      context.color_trc(from.colorTransferId());
      context.colorspace(from.colorMatrixId() == RGB_MATRIX ? UNSPECIFIED : from.colorMatrixId());
      context.gop_size((int) Math.max(1, Math.round(KEYFRAME_SECONDS * rate)));
      context.max_b_frames(0);
      int slices = effort.slices(height);
      context.slices(slices);
      context.thread_count(Math.min(slices, Runtime.getRuntime().availableProcessors()));
      context.bit_rate(effort.bitsPerSecond(width, height, rate));
      context.qmin(effort.lowestQuantizer).qmax(effort.highestQuantizer);
      context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
      avutil.av_dict_set(settings, "rc_mode", effort.rateControl, 0);
      avutil.av_dict_set(settings, "coder", "cavlc", 0);
      avutil.av_dict_set(settings, "allow_skip_frames", "0", 0);
      FfmpegError.check(
          avcodec.avcodec_open2(context, codec, settings),
          Reason.UNSUPPORTED,
          "Pictures of " + width + "x" + height + " cannot be encoded as H.264");
      return context;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(context);
      throw e;
    } finally {
      avutil.av_dict_free(settings);
    }
  }

  private static SourceTrack encoded(SourceTrack source, AVCodecContext context)
      throws MediaException {
    AVCodecParameters parameters = FfmpegError.allocated(avcodec.avcodec_parameters_alloc());
    try {
      FfmpegError.check(
          avcodec.avcodec_parameters_from_context(parameters, context),
          Reason.UNAVAILABLE,
          "The H.264 encoder does not say what it makes");
      return new SourceTrack(
          source.index(),
          source.kind(),
          "h264",
          source.timeBase(),
          context.width(),
          context.height(),
          source.frameRate(),
          source.sampleAspect(),
          source.rotation(),
          0,
          0,
          source.language(),
          NativeParameters.read(parameters));
    } finally {
      avcodec.avcodec_parameters_free(parameters);
    }
  }

  /** What it makes of the track; the index stays. */
  SourceTrack track() {
    return track;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /**
   * @param picture in the encoder's form; one that is not later than the one before is left out
   */
  void encode(AVFrame picture, PacketSink sink) throws MediaException {
    long ticks = picture.pts();
    if (started && ticks <= lastTicks) {
      // Two pictures at one time cannot both be shown.
      return;
    }
    boolean key = !started || ticks - lastKeyframe >= keyframeTicks;
    picture.pict_type(key ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
    started = true;
    lastTicks = ticks;
    FfmpegError.check(
        avcodec.avcodec_send_frame(context, picture),
        Reason.UNAVAILABLE,
        "A picture cannot be encoded as H.264");
    collect(sink);
  }

  /** Gives out what is held back; nothing more may come. */
  void finish(PacketSink sink) throws MediaException {
    avcodec.avcodec_send_frame(context, null);
    collect(sink);
  }

  private void collect(PacketSink sink) throws MediaException {
    while (avcodec.avcodec_receive_packet(context, packet) >= 0) {
      byte[] bytes = new byte[packet.size()];
      packet.data().get(bytes);
      boolean keyframe = (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
      long ticks = packet.pts();
      avcodec.av_packet_unref(packet);
      lastKeyframe = keyframe ? ticks : lastKeyframe;
      sink.accept(Packet.of(index, ticks, ticks, 0, keyframe, ByteBuffer.wrap(bytes)));
    }
  }

  @Override
  public void close() {
    if (context != null) {
      avcodec.avcodec_free_context(context);
      context = null;
    }
    if (packet != null) {
      avcodec.av_packet_free(packet);
      packet = null;
    }
  }
}
