package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** FFmpeg's decoder for one video track. Not thread-safe; owns native memory until closed. */
final class VideoDecoder implements AutoCloseable {

  /** No picture of 8192x8192 needs more; a hostile source may claim anything. */
  static final int MAX_PACKET_BYTES = 64 << 20;

  private static final long MAX_PIXELS =
      (long) SourceTrack.MAX_DIMENSION * SourceTrack.MAX_DIMENSION;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;
  private final EarlyRelease early;
  private boolean released;

  VideoDecoder(SourceTrack track, int threads) throws MediaException {
    FfmpegLog.install();
    context = open(track, threads);
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    early = threads == 1 ? new EarlyRelease(track) : null;
    if (packet == null || frame == null) {
      close();
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
  }

  private static AVCodecContext open(SourceTrack track, int threads) throws MediaException {
    AVCodec codec = avcodec.avcodec_find_decoder(track.parameters().codecId());
    if (codec == null || codec.isNull()) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Pictures in " + track.codec() + " cannot be decoded");
    }
    AVCodecContext context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    AVDictionary none = null;
    try {
      AVCodecParameters parameters = NativeParameters.allocate(track);
      try {
        FfmpegError.check(
            avcodec.avcodec_parameters_to_context(context, parameters),
            Reason.MALFORMED,
            "The " + track.codec() + " track describes itself wrongly");
      } finally {
        avcodec.avcodec_parameters_free(parameters);
      }
      context
          .pkt_timebase()
          .num((int) track.timeBase().numerator())
          .den((int) track.timeBase().denominator());
      context.thread_count(threads);
      // Threads by slices only help some sources; by frames they cost latency, so none is default.
      context.thread_type(threads > 1 ? AVCodecContext.FF_THREAD_FRAME : 0);
      context.max_pixels(MAX_PIXELS);
      FfmpegError.check(
          avcodec.avcodec_open2(context, codec, none),
          Reason.UNSUPPORTED,
          "Pictures in " + track.codec() + " cannot be decoded");
      return context;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(context);
      throw e;
    }
  }

  /**
   * Feeds a packet.
   *
   * @param pts by which its picture is recognised
   * @param looked whether its picture may be looked at; else it is decoded only when others refer
   *     to it
   * @return whether the decoder could use it
   */
  boolean send(Packet from, long pts, boolean looked) throws MediaException {
    ByteBuffer data = from.data();
    if (data.remaining() > MAX_PACKET_BYTES
        || avcodec.av_new_packet(packet, data.remaining()) < 0) {
      return false;
    }
    try {
      packet.data().capacity(data.remaining()).asByteBuffer().put(data);
      packet.pts(pts).dts(from.dts()).duration(from.duration());
      packet.flags(from.keyframe() ? avcodec.AV_PKT_FLAG_KEY : 0);
      context.skip_frame(looked ? avcodec.AVDISCARD_DEFAULT : avcodec.AVDISCARD_NONREF);
      return avcodec.avcodec_send_packet(context, packet) >= 0;
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  /**
   * Has the next picture in order of show come out now, without waiting for those that might be
   * shown before it; should such still come, they are lost. What comes later decodes as before.
   *
   * @return false when this decoder cannot do that
   */
  boolean release() {
    if (early == null || !early.possible()) {
      return false;
    }
    byte[] request = early.request();
    if (avcodec.av_new_packet(packet, request.length) < 0) {
      return false;
    }
    try {
      packet.data().capacity(request.length).asByteBuffer().put(request);
      released = true;
      return avcodec.avcodec_send_packet(context, packet) >= 0;
    } finally {
      avcodec.av_packet_unref(packet);
    }
  }

  /** Whether, after a release, it must be flushed before this packet. */
  boolean mustBeginAnew(Packet next) {
    return released && early.beginsAnew(next);
  }

  /** Whether it needs no flush before a packet, as this lets it forget what came before. */
  boolean beginsAnew(Packet next) {
    return early != null && early.possible() && !released && early.beginsAnew(next);
  }

  /** Tells the decoder that nothing follows, so that it gives out what it holds back. */
  void drain() {
    avcodec.avcodec_send_packet(context, null);
  }

  /** The next picture, borrowed until the next call; null when there is none for now. */
  AVFrame receive() {
    int code = avcodec.avcodec_receive_frame(context, frame);
    return code < 0 ? null : frame;
  }

  /** Forgets everything; the next packet must be a keyframe. */
  void flush() {
    released = false;
    avcodec.avcodec_flush_buffers(context);
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
  }
}
