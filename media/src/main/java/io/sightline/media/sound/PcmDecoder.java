package io.sightline.media.sound;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.media.ffmpeg.NativeParameters;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;

/** Packets of one audio track to samples. Not thread-safe; owns native memory until closed. */
final class PcmDecoder implements AutoCloseable {

  /** Of all channels together: two minutes of stereo at 48 kHz, far more than a chunk holds. */
  static final int MAX_SAMPLES = 12_000_000;

  private static final int MAX_CHANNELS = 8;
  private static final int MAX_PACKET_BYTES = 1 << 20;

  private final AVCodecContext context;
  private final AVPacket packet;
  private final AVFrame frame;
  private final AVFrame planar;
  private final SwrContext converter;
  private final float[][] samples;

  private int length;

  PcmDecoder(SourceTrack track) throws MediaException {
    FfmpegLog.install();
    if (track.channels() > MAX_CHANNELS) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Sound of " + track.channels() + " channels is not decoded");
    }
    samples = new float[track.channels()][track.sampleRate()];
    context = open(track);
    packet = avcodec.av_packet_alloc();
    frame = avutil.av_frame_alloc();
    planar = avutil.av_frame_alloc();
    converter = swresample.swr_alloc();
    if (packet == null || frame == null || planar == null || converter == null) {
      close();
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
  }

  private static AVCodecContext open(SourceTrack track) throws MediaException {
    AVCodec codec = avcodec.avcodec_find_decoder(track.parameters().codecId());
    if (codec == null || codec.isNull()) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Sound in " + track.codec() + " cannot be decoded");
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
      context.thread_count(1);
      FfmpegError.check(
          avcodec.avcodec_open2(context, codec, none),
          Reason.UNSUPPORTED,
          "Sound in " + track.codec() + " cannot be decoded");
      return context;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_free_context(context);
      throw e;
    }
  }

  void accept(Packet from) throws MediaException {
    ByteBuffer data = from.data();
    if (data.remaining() > MAX_PACKET_BYTES
        || avcodec.av_new_packet(packet, data.remaining()) < 0) {
      throw new MediaException(
          Reason.MALFORMED, "A packet of sound is never " + data.remaining() + " bytes long");
    }
    packet.data().capacity(data.remaining()).asByteBuffer().put(data);
    packet.pts(from.pts()).dts(from.dts()).duration(from.duration());
    int before = length;
    int code = avcodec.avcodec_send_packet(context, packet);
    avcodec.av_packet_unref(packet);
    collect();
    if (code < 0 && length == before) {
      // Later sounds must stay where they were.
      append(null, context.frame_size());
    }
  }

  /** The samples of all packets. */
  float[][] finish() throws MediaException {
    avcodec.avcodec_send_packet(context, null);
    collect();
    for (int channel = 0; channel < samples.length; channel++) {
      samples[channel] = Arrays.copyOf(samples[channel], length);
    }
    return samples;
  }

  private void collect() throws MediaException {
    while (avcodec.avcodec_receive_frame(context, frame) >= 0) {
      try {
        if (frame.ch_layout().nb_channels() != samples.length) {
          throw new MediaException(
              Reason.UNSUPPORTED, "The number of channels changes within the sound");
        }
        AVFrame source = frame.format() == avutil.AV_SAMPLE_FMT_FLTP ? frame : converted();
        append(source, source.nb_samples());
      } finally {
        avutil.av_frame_unref(frame);
      }
    }
  }

  private AVFrame converted() throws MediaException {
    avutil.av_frame_unref(planar);
    planar.format(avutil.AV_SAMPLE_FMT_FLTP).sample_rate(frame.sample_rate());
    avutil.av_channel_layout_copy(planar.ch_layout(), frame.ch_layout());
    FfmpegError.check(
        swresample.swr_convert_frame(converter, planar, frame),
        Reason.UNSUPPORTED,
        "Sound of this kind cannot be converted");
    return planar;
  }

  private void append(AVFrame from, int count) throws MediaException {
    if ((long) (length + count) * samples.length > MAX_SAMPLES) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "More than " + MAX_SAMPLES + " samples of sound are not decoded at once");
    }
    for (int channel = 0; channel < samples.length; channel++) {
      if (samples[channel].length < length + count) {
        samples[channel] = Arrays.copyOf(samples[channel], 2 * (length + count));
      }
      if (from != null) {
        new FloatPointer(from.data(channel)).get(samples[channel], length, count);
      }
    }
    length += count;
  }

  @Override
  public void close() {
    swresample.swr_free(converter);
    avutil.av_frame_free(planar);
    avutil.av_frame_free(frame);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
  }
}
