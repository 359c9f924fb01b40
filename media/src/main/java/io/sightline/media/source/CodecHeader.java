package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.media.ffmpeg.NativeParameters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** The header of a track as FFmpeg's own MP4 muxer writes it. */
public final class CodecHeader {

  private static final int MAX_BYTES = 1 << 20;
  private static final int MOOV = 'm' << 24 | 'o' << 16 | 'o' << 8 | 'v';

  private CodecHeader() {}

  /**
   * {@code ftyp} and {@code moov} of a fragmented MP4 file with that one track.
   *
   * @throws MediaException UNSUPPORTED when MP4 cannot hold the codec, or needs a packet to
   *     describe it (AC-3): see {@link #moov(SourceTrack, Packet)}
   */
  public static byte[] moov(SourceTrack track) throws MediaException {
    return write(track, null);
  }

  /** The same for codecs that are described by their packets: AC-3 and E-AC-3. */
  public static byte[] moov(SourceTrack track, Packet first) throws MediaException {
    return write(track, first);
  }

  private static byte[] write(SourceTrack track, Packet first) throws MediaException {
    FfmpegLog.install();
    FfmpegLog.forget();
    AVFormatContext context = new AVFormatContext(null);
    int code = avformat.avformat_alloc_output_context2(context, (AVOutputFormat) null, "mp4", null);
    FfmpegError.check(code, Reason.UNAVAILABLE, "No MP4 muxer");
    try {
      AVStream stream = FfmpegError.allocated(avformat.avformat_new_stream(context, null));
      NativeParameters.fill(stream.codecpar(), track);
      // The tag of the other container means nothing here.
      stream.codecpar().codec_tag(0);
      // An average of one file: two files that one encoder made would not go by one header.
      stream.codecpar().bit_rate(0);
      stream
          .time_base()
          .num((int) track.timeBase().numerator())
          .den((int) track.timeBase().denominator());
      return written(context, track, first);
    } finally {
      avformat.avformat_free_context(context);
    }
  }

  private static byte[] written(AVFormatContext context, SourceTrack track, Packet first)
      throws MediaException {
    try (PointerPointer<AVIOContext> out = new PointerPointer<>(1)) {
      FfmpegError.check(avformat.avio_open_dyn_buf(out), Reason.UNAVAILABLE, "No memory");
      context.pb(out.get(AVIOContext.class));
      int code = mux(context, first);
      byte[] bytes = taken(context);
      if (code < 0) {
        throw new MediaException(
            Reason.UNSUPPORTED,
            "MP4 cannot hold this "
                + track.codec()
                + " track: "
                + FfmpegLog.lastLine().orElse(FfmpegError.text(code)));
      }
      return upToMoov(bytes);
    }
  }

  private static int mux(AVFormatContext context, Packet first) throws MediaException {
    AVDictionary settings = new AVDictionary(null);
    String flags = "+frag_custom+empty_moov+default_base_moof+skip_trailer";
    avutil.av_dict_set(settings, "movflags", first == null ? flags : flags + "+delay_moov", 0);
    avutil.av_dict_set(settings, "fflags", "+bitexact", 0);
    avutil.av_dict_set(settings, "strict", "experimental", 0);
    avutil.av_dict_set(settings, "use_editlist", "0", 0);
    int code = avformat.avformat_write_header(context, settings);
    avutil.av_dict_free(settings);
    if (code < 0) {
      return code;
    }
    if (first != null) {
      code = writeFirst(context, first);
    }
    int trailer = avformat.av_write_trailer(context);
    return code < 0 ? code : trailer;
  }

  private static int writeFirst(AVFormatContext context, Packet first) throws MediaException {
    AVPacket packet = FfmpegError.allocated(avcodec.av_packet_alloc());
    try {
      ByteBuffer data = first.data();
      if (avcodec.av_new_packet(packet, data.remaining()) < 0) {
        throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
      }
      packet.data().capacity(data.remaining()).asByteBuffer().put(data);
      packet.stream_index(0).pts(0).dts(0).duration(Math.max(1, first.duration()));
      packet.flags(avcodec.AV_PKT_FLAG_KEY);
      int code = avformat.av_write_frame(context, packet);
      return code < 0 ? code : avformat.av_write_frame(context, null);
    } finally {
      avcodec.av_packet_free(packet);
    }
  }

  private static byte[] taken(AVFormatContext context) {
    BytePointer buffer = new BytePointer((org.bytedeco.javacpp.Pointer) null);
    int size = avformat.avio_close_dyn_buf(context.pb(), buffer);
    context.pb(null);
    byte[] bytes = new byte[Math.max(0, Math.min(size, MAX_BYTES))];
    if (!buffer.isNull()) {
      buffer.get(bytes);
      avutil.av_free(buffer);
    }
    return bytes;
  }

  private static byte[] upToMoov(byte[] bytes) throws MediaException {
    ByteBuffer boxes = ByteBuffer.wrap(bytes);
    for (int at = 0; at + 8 <= bytes.length; ) {
      int length = boxes.getInt(at);
      if (length < 8 || length > bytes.length - at) {
        break;
      }
      if (boxes.getInt(at + 4) == MOOV) {
        return Arrays.copyOf(bytes, at + length);
      }
      at += length;
    }
    throw new MediaException(Reason.UNSUPPORTED, "The MP4 muxer wrote no header");
  }
}
