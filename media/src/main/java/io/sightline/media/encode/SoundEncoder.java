package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Sound of any codec as AAC of 64 kb/s a channel: mono, stereo and 5.1 stay what they are, the rest
 * becomes stereo. Its frames lie on an unbroken grid; where the source's times leave the grid by
 * more than a frame, a new one begins there, so sound is never off by more.
 */
final class SoundEncoder implements TrackEncoder {

  private static final Set<Integer> RATES =
      Set.of(96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 8_000);

  private static final int USUAL_RATE = 48_000;
  private static final int BITS_PER_CHANNEL = 64_000;
  private static final int SURROUND = 6;
  private static final long UNFILLED = -1;

  private final SourceTrack source;
  private final int rate;
  private final int channels;

  /** In its own ticks; {@link #UNFILLED} when holes stay. */
  private final long filledTo;

  private final Rational unit;
  private final SourceTrack track;
  private TrackDecoder decoder;
  private AVCodecContext context;
  private AVPacket packet;
  private SampleGrid grid;
  private final FrameListener listener;
  private boolean begun;
  private long firstTicks;

  /** Hears decoded sound in frames of one form. */
  interface FrameListener {

    /**
     * @param frame borrowed during the call
     */
    void heard(AVFrame frame) throws MediaException;
  }

  SoundEncoder(SourceTrack source) throws MediaException {
    this(source, null, null);
  }

  /**
   * @param gain by which a sample is multiplied, by its time in seconds; null to leave all as it is
   * @param listener hears the frames instead of the encoder; null to encode them
   */
  SoundEncoder(SourceTrack source, DoubleUnaryOperator gain, FrameListener listener)
      throws MediaException {
    this(source, source.sampleRate(), source.channels(), gain, listener, UNFILLED);
  }

  /**
   * From time zero on without a hole, filled with silence where there is nothing.
   *
   * @param seconds how long it becomes
   */
  SoundEncoder(SourceTrack source, int rate, int channels, double seconds) throws MediaException {
    this(source, rate, channels, null, null, Math.round(seconds * rate));
    begun = true;
    grid.begin(0);
  }

  private SoundEncoder(
      SourceTrack source,
      int wantedRate,
      int wantedChannels,
      DoubleUnaryOperator gain,
      FrameListener listener,
      long filledTo)
      throws MediaException {
    this.source = source;
    this.listener = listener;
    this.filledTo = filledTo;
    this.channels = wantedChannels == 1 || wantedChannels == SURROUND ? wantedChannels : 2;
    this.rate = RATES.contains(wantedRate) ? wantedRate : USUAL_RATE;
    this.unit = new Rational(1, rate);
    try {
      decoder = new TrackDecoder(source);
      packet = FfmpegError.allocated(avcodec.av_packet_alloc());
      context = open();
      grid = new SampleGrid(context, gain);
      track = encoded();
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private AVCodecContext open() throws MediaException {
    AVCodec codec = FfmpegError.allocated(avcodec.avcodec_find_encoder_by_name("aac"));
    AVCodecContext made = FfmpegError.allocated(avcodec.avcodec_alloc_context3(codec));
    AVDictionary none = null;
    try {
      made.sample_rate(rate).sample_fmt(avutil.AV_SAMPLE_FMT_FLTP);
      made.time_base().num(1).den(rate);
      made.bit_rate((long) BITS_PER_CHANNEL * channels);
      made.flags(made.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
      made.thread_count(1);
      avutil.av_channel_layout_default(made.ch_layout(), channels);
      FfmpegError.check(
          avcodec.avcodec_open2(made, codec, none),
          Reason.UNSUPPORTED,
          "Sound of " + rate + " Hz cannot be encoded as AAC");
      return made;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(made);
      throw e;
    }
  }

  private SourceTrack encoded() throws MediaException {
    AVCodecParameters parameters = FfmpegError.allocated(avcodec.avcodec_parameters_alloc());
    try {
      FfmpegError.check(
          avcodec.avcodec_parameters_from_context(parameters, context),
          Reason.UNAVAILABLE,
          "The AAC encoder does not say what it makes");
      return new SourceTrack(
          source.index(),
          source.kind(),
          "aac",
          unit,
          0,
          0,
          null,
          null,
          0,
          rate,
          context.ch_layout().nb_channels(),
          source.language(),
          NativeParameters.read(parameters));
    } finally {
      avcodec.avcodec_parameters_free(parameters);
    }
  }

  @Override
  public SourceTrack track() {
    return track;
  }

  @Override
  public void accept(Packet from, PacketSink sink) throws MediaException {
    decoder.send(from);
    decoded(sink);
  }

  @Override
  public void finish(PacketSink sink) throws MediaException {
    decoder.drain();
    decoded(sink);
    if (filledTo != UNFILLED) {
      silence(filledTo, sink);
    }
    encode(grid.rest(), sink);
    encode(null, sink);
  }

  private void decoded(PacketSink sink) throws MediaException {
    for (AVFrame sound; (sound = decoder.receive()) != null; ) {
      long ticks = TrackDecoder.ticks(sound);
      if (ticks == Packet.ABSENT && !begun || sound.nb_samples() <= 0) {
        continue;
      }
      long at =
          ticks == Packet.ABSENT
              ? grid.nextTicks()
              : Rational.rescale(ticks, source.timeBase(), unit);
      if (!begun) {
        begun = true;
        firstTicks = at;
        grid.begin(at);
      }
      if (filledTo != UNFILLED) {
        silence(at, sink);
      } else if (at - grid.nextTicks() > context.frame_size()) {
        encode(grid.rest(), sink);
        grid.begin(at);
      }
      grid.add(sound, at);
      encodeWhole(sink);
    }
  }

  private void encodeWhole(PacketSink sink) throws MediaException {
    for (AVFrame frame; (frame = grid.poll()) != null; ) {
      encode(frame, sink);
    }
  }

  private void silence(long toTicks, PacketSink sink) throws MediaException {
    while (grid.nextTicks() < toTicks) {
      grid.addSilence((int) Math.min(context.frame_size(), toTicks - grid.nextTicks()));
      encodeWhole(sink);
    }
  }

  /**
   * @param frame null at the end, or when there is none
   */
  private void encode(AVFrame frame, PacketSink sink) throws MediaException {
    if (listener != null) {
      if (frame != null) {
        listener.heard(frame);
      }
      return;
    }
    avcodec.avcodec_send_frame(context, frame);
    while (avcodec.avcodec_receive_packet(context, packet) >= 0) {
      byte[] bytes = new byte[packet.size()];
      packet.data().get(bytes);
      long ticks = packet.pts();
      avcodec.av_packet_unref(packet);
      // What comes before the first sample only prepares the decoder.
      if (ticks >= firstTicks) {
        sink.accept(
            Packet.of(
                source.index(), ticks, ticks, context.frame_size(), true, ByteBuffer.wrap(bytes)));
      }
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
    if (grid != null) {
      grid.close();
      grid = null;
    }
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
