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

/** Everything in a track, decoded in order of show. Owns native memory until closed. */
final class TrackDecoder implements AutoCloseable {

  /** A raw picture of 8192x4320 in 4:2:2 is as large. */
  private static final int MAX_PACKET_BYTES = 72 << 20;

  private static final long MAX_PIXELS =
      (long) SourceTrack.MAX_DIMENSION * SourceTrack.MAX_DIMENSION;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;

  TrackDecoder(SourceTrack track) throws MediaException {
    FfmpegLog.install();
    context = open(track);
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    if (packet == null || frame == null) {
      close();
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
  }

  private static AVCodecContext open(SourceTrack track) throws MediaException {
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
      context.thread_count(1);
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
    return avcodec.avcodec_receive_frame(context, frame) < 0 ? null : frame;
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
