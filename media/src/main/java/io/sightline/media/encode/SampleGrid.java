package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Decoded sound, in the encoder's form and cut into its frames. Less than one frame is held back.
 * Owns native memory until closed.
 */
final class SampleGrid implements AutoCloseable {

  private final AVCodecContext encoder;
  private final int frameSamples;
  private final int channels;
  private final DoubleUnaryOperator gain;
  private final AVFrame converted;
  private final AVFrame frame;
  private final SwrContext converter;
  private float[][] held;
  private int heldSamples;
  private long heldTicks;

  /**
   * @param gain by which a sample is multiplied, by its time in seconds; null to leave all as it is
   */
  SampleGrid(AVCodecContext encoder, DoubleUnaryOperator gain) throws MediaException {
    this.encoder = encoder;
    this.gain = gain;
    this.frameSamples = encoder.frame_size();
    this.channels = encoder.ch_layout().nb_channels();
    this.held = new float[channels][4 * frameSamples];
    converted = avutil.av_frame_alloc();
    frame = avutil.av_frame_alloc();
    converter = swresample.swr_alloc();
    try {
      FfmpegError.allocated(converted);
      FfmpegError.allocated(frame);
      FfmpegError.allocated(converter);
      form(frame);
      frame.nb_samples(frameSamples);
      FfmpegError.check(
          avutil.av_frame_get_buffer(frame, 0),
          Reason.UNAVAILABLE,
          "There is no memory left for sound");
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void form(AVFrame target) {
    target.format(avutil.AV_SAMPLE_FMT_FLTP).sample_rate(encoder.sample_rate());
    avutil.av_channel_layout_copy(target.ch_layout(), encoder.ch_layout());
  }

  /** When the next sample is expected. */
  long nextTicks() {
    return heldTicks + heldSamples;
  }

  /** Begins a new grid; what was held back is lost. */
  void begin(long ticks) {
    heldTicks = ticks;
    heldSamples = 0;
  }

  /** Adds sound; what lies before the end of the last is left out. */
  void add(AVFrame sound, long ticks) throws MediaException {
    if (convert(sound) < 0) {
      // Other channels or another rate than before: it is set up anew.
      swresample.swr_close(converter);
      FfmpegError.check(
          convert(sound), Reason.MALFORMED, "Sound cannot be brought into the form of AAC");
    }
    int samples = converted.nb_samples();
    int skipped =
        (int) Math.min(samples, nextTicks() - ticks > frameSamples ? nextTicks() - ticks : 0);
    int kept = samples - skipped;
    makeRoom(kept);
    for (int channel = 0; channel < channels; channel++) {
      new FloatPointer(converted.extended_data(channel))
          .position(skipped)
          .get(held[channel], heldSamples, kept);
      if (gain != null) {
        amplify(held[channel], kept);
      }
    }
    heldSamples += kept;
  }

  /** Adds samples that are nothing. */
  void addSilence(int samples) {
    makeRoom(samples);
    for (float[] channel : held) {
      Arrays.fill(channel, heldSamples, heldSamples + samples, 0);
    }
    heldSamples += samples;
  }

  private void makeRoom(int samples) {
    if (heldSamples + samples > held[0].length) {
      grow(heldSamples + samples);
    }
  }

  private void amplify(float[] samples, int count) {
    for (int at = heldSamples; at < heldSamples + count; at++) {
      double seconds = (double) (heldTicks + at) / encoder.sample_rate();
      samples[at] *= (float) gain.applyAsDouble(seconds);
    }
  }

  private int convert(AVFrame sound) {
    avutil.av_frame_unref(converted);
    form(converted);
    return swresample.swr_convert_frame(converter, converted, sound);
  }

  private void grow(int needed) {
    for (int channel = 0; channel < channels; channel++) {
      held[channel] = Arrays.copyOf(held[channel], 2 * needed);
    }
  }

  /** The next whole frame, borrowed until the next call; null when there is none. */
  AVFrame poll() throws MediaException {
    return heldSamples < frameSamples ? null : take(frameSamples);
  }

  /** What is held back, filled up with silence; null when there is nothing. */
  AVFrame rest() throws MediaException {
    return heldSamples == 0 ? null : take(heldSamples);
  }

  private AVFrame take(int samples) throws MediaException {
    FfmpegError.check(
        avutil.av_frame_make_writable(frame),
        Reason.UNAVAILABLE,
        "There is no memory left for sound");
    float[] silence = new float[frameSamples - samples];
    for (int channel = 0; channel < channels; channel++) {
      FloatPointer target = new FloatPointer(frame.extended_data(channel));
      target.put(held[channel], 0, samples);
      target.position(samples).put(silence, 0, silence.length);
      System.arraycopy(held[channel], samples, held[channel], 0, heldSamples - samples);
    }
    frame.pts(heldTicks);
    heldTicks += samples;
    heldSamples -= samples;
    return frame;
  }

  @Override
  public void close() {
    avutil.av_frame_free(converted);
    avutil.av_frame_free(frame);
    swresample.swr_free(converter);
  }
}
