package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * How loud a whole track is: integrated loudness and true peak (EBU R 128, ITU-R BS.1770-4), by
 * FFmpeg's {@code ebur128}. Not thread-safe; owns native memory until closed.
 */
public final class LoudnessMeter implements AutoCloseable {

  /** What is as quiet is not heard (the absolute gate of BS.1770), so it has no loudness. */
  private static final double GATE_LUFS = -70;

  /** What true peaks may reach at most (EBU R 128, recommendation m). */
  private static final double MAX_PEAK_DBTP = -1;

  private static final int LAYOUT_LENGTH = 64;

  private final SoundEncoder sound;
  private final AVFrame measured;
  private AVFilterGraph graph;
  private AVFilterContext in;
  private AVFilterContext out;
  private double integrated = GATE_LUFS;
  private double peak;

  /**
   * @throws MediaException UNSUPPORTED when the track cannot be decoded
   */
  public LoudnessMeter(SourceTrack track) throws MediaException {
    measured = FfmpegError.allocated(avutil.av_frame_alloc());
    sound = new SoundEncoder(track, null, this::heard);
  }

  /** Takes the next packet of the track. */
  public void accept(Packet packet) throws MediaException {
    sound.accept(packet, nothing -> {});
  }

  /** Nothing follows. */
  public void finish() throws MediaException {
    sound.finish(nothing -> {});
  }

  /**
   * By what samples are to be multiplied, so that all that was heard becomes this loud; less, where
   * its true peak would exceed -1 dBTP, for nothing is compressed. 1 when nothing was heard.
   *
   * @param lufs integrated loudness
   */
  public double gainTo(double lufs) {
    if (integrated <= GATE_LUFS || peak <= 0) {
      return 1;
    }
    double wanted = Math.pow(10, (lufs - integrated) / 20);
    double most = Math.pow(10, MAX_PEAK_DBTP / 20) / peak;
    return Math.min(wanted, most);
  }

  private void heard(AVFrame frame) throws MediaException {
    if (graph == null) {
      open(frame);
    }
    check(avfilter.av_buffersrc_add_frame_flags(in, frame, avfilter.AV_BUFFERSRC_FLAG_KEEP_REF));
    while (avfilter.av_buffersink_get_frame(out, measured) >= 0) {
      integrated = said("lavfi.r128.I", integrated);
      peak = Math.max(peak, said("lavfi.r128.true_peak", 0));
      avutil.av_frame_unref(measured);
    }
  }

  private double said(String key, double otherwise) {
    AVDictionaryEntry none = null;
    AVDictionaryEntry entry = avutil.av_dict_get(measured.metadata(), key, none, 0);
    if (entry == null || entry.isNull()) {
      return otherwise;
    }
    double value = Double.parseDouble(entry.value().getString());
    return Double.isFinite(value) ? value : otherwise;
  }

  private void open(AVFrame like) throws MediaException {
    graph = FfmpegError.allocated(avfilter.avfilter_graph_alloc());
    graph.nb_threads(1);
    try (BytePointer layout = new BytePointer(LAYOUT_LENGTH)) {
      check(avutil.av_channel_layout_describe(like.ch_layout(), layout, LAYOUT_LENGTH));
      in =
          filter(
              "abuffer",
              "sample_fmt=fltp:sample_rate="
                  + like.sample_rate()
                  + ":time_base=1/"
                  + like.sample_rate()
                  + ":channel_layout="
                  + layout.getString());
    }
    AVFilterContext meter = filter("ebur128", "metadata=1:peak=true:framelog=quiet");
    out = filter("abuffersink", null);
    check(avfilter.avfilter_link(in, 0, meter, 0));
    check(avfilter.avfilter_link(meter, 0, out, 0));
    check(avfilter.avfilter_graph_config(graph, null));
  }

  private AVFilterContext filter(String name, String arguments) throws MediaException {
    AVFilterContext made =
        FfmpegError.allocated(
            avfilter.avfilter_graph_alloc_filter(graph, avfilter.avfilter_get_by_name(name), name));
    check(avfilter.avfilter_init_str(made, arguments));
    return made;
  }

  private static void check(int code) throws MediaException {
    FfmpegError.check(code, Reason.UNAVAILABLE, "The loudness of sound cannot be measured");
  }

  @Override
  public void close() {
    sound.close();
    avutil.av_frame_free(measured);
    if (graph != null) {
      avfilter.avfilter_graph_free(graph);
      graph = null;
    }
  }
}
