package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * What a track is, learned by decoding its first packet: for sources that say little more of it
 * than the codec's name and header.
 */
public final class TrackProbe {

  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MAX_PACKET_BYTES = 64 << 20;

  private TrackProbe() {}

  /**
   * Loads what decodes, which takes seconds the first time in a process: for whoever must not keep
   * a sender waiting later.
   */
  public static void prepare() {
    FfmpegLog.install();
    avcodec.avcodec_version();
  }

  /**
   * Blocks for as long as one picture takes to decode.
   *
   * @param index that the track will have
   * @param codec FFmpeg's name
   * @param header the codec's own header; empty where it has none
   * @param first a keyframe, or a piece of sound
   * @throws MediaException MALFORMED when the packet is not what the codec says, UNSUPPORTED when
   *     the pictures are too large or the codec is not known
   */
  public static SourceTrack track(
      int index, TrackInfo.Kind kind, String codec, Rational timeBase, byte[] header, byte[] first)
      throws MediaException {
    FfmpegLog.install();
    if (header.length > MAX_HEADER_BYTES || first.length > MAX_PACKET_BYTES) {
      throw new MediaException(
          Reason.MALFORMED, "The first packet of the " + codec + " track is too large");
    }
    AVCodec decoder = decoder(codec);
    AVCodecContext context = FfmpegError.allocated(avcodec.avcodec_alloc_context3(decoder));
    AVPacket packet = avcodec.av_packet_alloc();
    AVFrame frame = avutil.av_frame_alloc();
    AVCodecParameters parameters = avcodec.avcodec_parameters_alloc();
    try {
      if (packet == null || frame == null || parameters == null) {
        throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
      }
      open(context, decoder, codec, header);
      decode(context, packet, frame, codec, first);
      FfmpegError.check(
          avcodec.avcodec_parameters_from_context(parameters, context),
          Reason.MALFORMED,
          "The " + codec + " track describes itself wrongly");
      return track(index, kind, codec, timeBase, parameters);
    } finally {
      avcodec.avcodec_parameters_free(parameters);
      avutil.av_frame_free(frame);
      avcodec.av_packet_free(packet);
      avcodec.avcodec_free_context(context);
    }
  }

  private static AVCodec decoder(String codec) throws MediaException {
    // The one by that name is the one to be had; some have another beside it that is preferred.
    AVCodec named = avcodec.avcodec_find_decoder_by_name(codec);
    AVCodec decoder =
        named == null || named.isNull() ? null : avcodec.avcodec_find_decoder(named.id());
    if (decoder == null || decoder.isNull()) {
      throw new MediaException(Reason.UNSUPPORTED, "The codec " + codec + " cannot be decoded");
    }
    return decoder;
  }

  private static void open(AVCodecContext context, AVCodec decoder, String codec, byte[] header)
      throws MediaException {
    if (header.length > 0) {
      BytePointer copy =
          FfmpegError.allocated(
              new BytePointer(
                  avutil.av_mallocz(header.length + (long) avcodec.AV_INPUT_BUFFER_PADDING_SIZE)));
      copy.put(header, 0, header.length);
      context.extradata(copy).extradata_size(header.length);
    }
    context.thread_count(1);
    context.max_pixels((long) SourceTrack.MAX_DIMENSION * SourceTrack.MAX_DIMENSION);
    AVDictionary none = null;
    FfmpegError.check(
        avcodec.avcodec_open2(context, decoder, none),
        Reason.MALFORMED,
        "The header of the " + codec + " track is no good");
  }

  private static void decode(
      AVCodecContext context, AVPacket packet, AVFrame frame, String codec, byte[] first)
      throws MediaException {
    FfmpegError.check(
        avcodec.av_new_packet(packet, first.length),
        Reason.UNAVAILABLE,
        "There is no memory left for media");
    packet.data().capacity(first.length).asByteBuffer().put(first);
    packet.flags(avcodec.AV_PKT_FLAG_KEY);
    int sent = avcodec.avcodec_send_packet(context, packet);
    avcodec.avcodec_send_packet(context, null);
    // Sound may need a second packet before anything comes out; what it is, is known by then.
    int came = avcodec.avcodec_receive_frame(context, frame);
    FfmpegError.check(
        sent, Reason.MALFORMED, "The first packet of the " + codec + " track cannot be decoded");
    if (came < 0 && context.width() <= 0 && context.sample_rate() <= 0) {
      throw new MediaException(
          Reason.MALFORMED, "The first packet of the " + codec + " track cannot be decoded");
    }
  }

  private static SourceTrack track(
      int index, TrackInfo.Kind kind, String codec, Rational timeBase, AVCodecParameters parameters)
      throws MediaException {
    boolean video = kind == TrackInfo.Kind.VIDEO;
    int channels = parameters.ch_layout().nb_channels();
    if (video
        ? parameters.width() <= 0
            || parameters.height() <= 0
            || parameters.width() > SourceTrack.MAX_DIMENSION
            || parameters.height() > SourceTrack.MAX_DIMENSION
        : parameters.sample_rate() <= 0 || channels <= 0) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          video
              ? "Pictures of " + parameters.width() + "x" + parameters.height() + " are not taken"
              : "Sound without a sample rate is not taken");
    }
    int across = parameters.sample_aspect_ratio().num();
    int down = parameters.sample_aspect_ratio().den();
    return new SourceTrack(
        index,
        kind,
        codec,
        timeBase,
        video ? parameters.width() : 0,
        video ? parameters.height() : 0,
        null,
        video && across > 0 && down > 0 ? new Rational(across, down) : null,
        0,
        video ? 0 : parameters.sample_rate(),
        video ? 0 : channels,
        null,
        NativeParameters.read(parameters));
  }
}
