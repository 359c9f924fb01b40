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
 * An encoder of pictures, which come in their order of show: one packet for each, with its time,
 * each shown before the next; a keyframe every two seconds. Owns native memory until closed.
 */
final class CodecEncoder implements AutoCloseable {

  private static final int MIN_SIDE = 16;

  private static final double KEYFRAME_SECONDS = 2;
  private static final double USUAL_RATE = 25;
  private static final double MAX_RATE = 60;

  private static final int RGB_MATRIX = 0;
  private static final int UNSPECIFIED = 2;

  private final Coding coding;
  private final int index;
  private final long keyframeTicks;
  private final SourceTrack track;
  private final int width;
  private final int height;
  private final int format;
  private final EncoderSurface surface;
  private AVCodecContext context;
  private AVPacket packet;

  private boolean started;
  private long lastTicks;
  private long lastKeyframe;

  CodecEncoder(SourceTrack source, Coding coding) throws MediaException {
    this.coding = coding;
    this.index = source.index();
    this.keyframeTicks =
        Rational.rescale(
            Math.round(KEYFRAME_SECONDS * 1_000), new Rational(1, 1_000), source.timeBase());
    double shrink =
        Math.min(
            1,
            Math.min(
                (double) coding.maxLong() / Math.max(source.width(), source.height()),
                (double) coding.maxShort() / Math.min(source.width(), source.height())));
    width = even(source.width() * shrink);
    height = even(source.height() * shrink);
    format = coding.format(source.parameters().format());
    surface = new EncoderSurface(coding.surface(), width, height);
    try {
      packet = FfmpegError.allocated(avcodec.av_packet_alloc());
      context = open(source);
      track = encoded(source);
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int even(double side) {
    return Math.max(MIN_SIDE, (int) side / 2 * 2);
  }

  private AVCodecContext open(SourceTrack source) throws MediaException {
    AVCodec codec = FfmpegError.allocated(avcodec.avcodec_find_encoder_by_name(coding.library()));
    AVCodecContext opened = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    AVDictionary settings = new AVDictionary(null);
    Rational declared = source.frameRate();
    double rate =
        declared == null || declared.numerator() == 0
            ? USUAL_RATE
            : Math.max(1, Math.min(MAX_RATE, declared.toDouble()));
    try {
      CodecParameters from = source.parameters();
      opened.width(width).height(height).pix_fmt(format);
      opened.time_base().num((int) source.timeBase().numerator());
      opened.time_base().den((int) source.timeBase().denominator());
      opened.framerate().num((int) Math.round(rate * 1_000)).den(1_000);
      opened.sample_aspect_ratio().num((int) source.sampleAspect().numerator());
      opened.sample_aspect_ratio().den((int) source.sampleAspect().denominator());
      opened.color_range(
          source.codec().equals("mjpeg") ? avutil.AVCOL_RANGE_JPEG : from.colorRangeId());
      opened.color_primaries(from.colorPrimariesId());
      opened.color_trc(from.colorTransferId());
      opened.colorspace(from.colorMatrixId() == RGB_MATRIX ? UNSPECIFIED : from.colorMatrixId());
      opened.gop_size((int) Math.max(1, Math.round(KEYFRAME_SECONDS * rate)));
      opened.max_b_frames(0);
      surface.prepare(opened);
      coding
          .configure(opened, rate)
          .forEach((key, value) -> avutil.av_dict_set(settings, key, value, 0));
      FfmpegError.check(
          avcodec.avcodec_open2(opened, codec, settings),
          Reason.UNSUPPORTED,
          "Pictures of " + width + "x" + height + " cannot be encoded by " + coding.library());
      return opened;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(opened);
      throw e;
    } finally {
      avutil.av_dict_free(settings);
    }
  }

  private SourceTrack encoded(SourceTrack source) throws MediaException {
    AVCodecParameters parameters = FfmpegError.allocated(avcodec.avcodec_parameters_alloc());
    try {
      FfmpegError.check(
          avcodec.avcodec_parameters_from_context(parameters, context),
          Reason.UNAVAILABLE,
          "The " + coding.codec() + " encoder does not say what it makes");
      return new SourceTrack(
          source.index(),
          source.kind(),
          coding.codec(),
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

  /** The pixel format that it takes. */
  int format() {
    return format;
  }

  /** Whether a picture is later than the one before: two at one time cannot both be shown. */
  boolean takes(AVFrame picture) {
    return !started || picture.pts() > lastTicks;
  }

  /**
   * @param picture in the encoder's form; one that it does not take is left out
   */
  void encode(AVFrame picture, PacketSink sink) throws MediaException {
    if (!takes(picture)) {
      return;
    }
    long ticks = picture.pts();
    boolean key = !started || ticks - lastKeyframe >= keyframeTicks;
    picture.pict_type(key ? avutil.AV_PICTURE_TYPE_I : avutil.AV_PICTURE_TYPE_NONE);
    started = true;
    lastTicks = ticks;
    FfmpegError.check(
        avcodec.avcodec_send_frame(context, surface.of(picture)),
        Reason.UNAVAILABLE,
        "A picture cannot be encoded as " + coding.codec());
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
    surface.close();
    if (packet != null) {
      avcodec.av_packet_free(packet);
      packet = null;
    }
  }
}
