package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.records.Rational;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Makes whole pictures of interlaced ones, as many as come in, each with its time; pictures that
 * are not interlaced pass untouched. One picture is held back. Owns native memory until closed.
 */
final class Deinterlacer implements AutoCloseable {

  private final AVFilterGraph graph;
  private final AVFilterContext in;
  private final AVFilterContext out;
  private final Rational timeBase;
  private final AVFrame frame;
  private final int width;
  private final int height;
  private final int format;

  Deinterlacer(AVFrame like, Rational timeBase) throws MediaException {
    this.timeBase = timeBase;
    this.width = like.width();
    this.height = like.height();
    this.format = like.format();
    graph = FfmpegError.allocated(avfilter.avfilter_graph_alloc());
    frame = avutil.av_frame_alloc();
    try {
      FfmpegError.allocated(frame);
      graph.nb_threads(1);
      in =
          filter(
              "buffer",
              "video_size="
                  + width
                  + "x"
                  + height
                  + ":pix_fmt="
                  + format
                  + ":time_base="
                  + timeBase.numerator()
                  + "/"
                  + timeBase.denominator());
      AVFilterContext whole = filter("bwdif", "mode=send_frame:deint=interlaced");
      out = filter("buffersink", null);
      check(avfilter.avfilter_link(in, 0, whole, 0));
      check(avfilter.avfilter_link(whole, 0, out, 0));
      check(avfilter.avfilter_graph_config(graph, null));
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private AVFilterContext filter(String name, String arguments) throws MediaException {
    AVFilterContext made =
        FfmpegError.allocated(
            avfilter.avfilter_graph_alloc_filter(graph, avfilter.avfilter_get_by_name(name), name));
    check(avfilter.avfilter_init_str(made, arguments));
    return made;
  }

  /** Whether it is made for pictures like this one. */
  boolean fits(AVFrame picture) {
    return picture.width() == width && picture.height() == height && picture.format() == format;
  }

  /** Feeds a picture, which stays the caller's; null when nothing follows. */
  void send(AVFrame picture) throws MediaException {
    check(avfilter.av_buffersrc_add_frame_flags(in, picture, avfilter.AV_BUFFERSRC_FLAG_KEEP_REF));
  }

  /** Borrowed until the next call, with its time in the time base; null when there is none. */
  AVFrame receive() {
    avutil.av_frame_unref(frame);
    if (avfilter.av_buffersink_get_frame(out, frame) < 0) {
      return null;
    }
    AVRational base = avfilter.av_buffersink_get_time_base(out);
    frame.pts(Rational.rescale(frame.pts(), new Rational(base.num(), base.den()), timeBase));
    return frame;
  }

  private static void check(int code) throws MediaException {
    FfmpegError.check(code, Reason.UNAVAILABLE, "Interlaced pictures cannot be made whole");
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    avfilter.avfilter_graph_free(graph);
  }
}
