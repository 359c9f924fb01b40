package io.sightline.media.encode;

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

/**
 * Everything in a track, decoded in order of show. With more than one thread, pictures are decoded
 * beside what the caller does with those before them: as many as there are threads are under way,
 * and feeding one more waits for the oldest. Owns native memory until closed.
 */
final class TrackDecoder implements AutoCloseable {

  /** A raw picture of 8192x4320 in 4:2:2 is as large. */
  private static final int MAX_PACKET_BYTES = 72 << 20;

  private static final long MAX_PIXELS =
      (long) SourceTrack.MAX_DIMENSION * SourceTrack.MAX_DIMENSION;

  /** Threads with which the next picture is decoded while the one before it is worked on. */
  static final int BESIDE = 2;

  /** So many pictures in a row may be damaged and told of at once: those that are under way. */
  private static final int MAX_FAILURES = 16;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;

  TrackDecoder(SourceTrack track) throws MediaException {
    this(track, 1);
  }

  TrackDecoder(SourceTrack track, int threads) throws MediaException {
    FfmpegLog.install();
    context = open(track, threads);
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    if (packet == null || frame == null) {
      close();
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
  }

  private static AVCodecContext open(SourceTrack track, int threads) throws MediaException {
    AVCodec codec = avcodec.avcodec_find_decoder(track.parameters().codecId());
    if (codec == null || codec.isNull()) {
      throw new MediaException(Reason.UNSUPPORTED, track.codec() + " cannot be decoded");
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
      context.thread_type(threads > 1 ? AVCodecContext.FF_THREAD_FRAME : 0);
      context.max_pixels(MAX_PIXELS);
      FfmpegError.check(
          avcodec.avcodec_open2(context, codec, none),
          Reason.UNSUPPORTED,
          track.codec() + " cannot be decoded");
      return context;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(context);
      throw e;
    }
  }

  /** Feeds a packet; one that is damaged is left out. */
  void send(Packet from) {
    ByteBuffer data = from.data();
    if (data.remaining() > MAX_PACKET_BYTES
        || avcodec.av_new_packet(packet, data.remaining()) < 0) {
      return;
    }
    packet.data().capacity(data.remaining()).asByteBuffer().put(data);
    packet.pts(from.pts()).dts(from.dts()).duration(from.duration());
    packet.flags(from.keyframe() ? avcodec.AV_PKT_FLAG_KEY : 0);
    avcodec.avcodec_send_packet(context, packet);
    avcodec.av_packet_unref(packet);
  }

  /** Nothing follows. */
  void drain() {
    avcodec.avcodec_send_packet(context, null);
  }

  /** Borrowed until the next call; null when there is none for now. */
  AVFrame receive() {
    int code = avcodec.avcodec_receive_frame(context, frame);
    for (int left = MAX_FAILURES; code < 0 && mayGoOn(code) && left > 0; left--) {
      // With threads, what was damaged is told here; others may lie behind it.
      code = avcodec.avcodec_receive_frame(context, frame);
    }
    return code < 0 ? null : frame;
  }

  private static boolean mayGoOn(int code) {
    return code != avutil.AVERROR_EAGAIN() && code != avutil.AVERROR_EOF();
  }

  /** Its time as the source gave it, or as it follows from the decode times. */
  static long ticks(AVFrame decoded) {
    return decoded.pts() == avutil.AV_NOPTS_VALUE ? decoded.best_effort_timestamp() : decoded.pts();
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
  }
}
