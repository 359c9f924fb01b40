package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Brings pictures into the form of another track: seen whole between black bars, in its size, its
 * colours and at its rate. Owns native memory until closed.
 */
final class PictureFit implements AutoCloseable {

  private static final int FULL_RANGE = 2;

  private final SourceTrack like;
  private final int format;
  private final AVFilterGraph graph;
  private final AVFrame frame;
  private final AVFilterContext in;
  private final AVFilterContext out;

  /**
   * @param first of the pictures; the others are like it
   * @param track whose they are
   * @param like whose form they take on
   * @param format FFmpeg's number of the pixel format
   */
  PictureFit(AVFrame first, SourceTrack track, SourceTrack like, int format) throws MediaException {
    this.like = like;
    this.format = format;
    graph = FfmpegError.allocated(avfilter.avfilter_graph_alloc());
    frame = avutil.av_frame_alloc();
    try {
      FfmpegError.allocated(frame);
      graph.nb_threads(1);
      in = filter("buffer", source(first, track));
      AVFilterContext last = in;
      for (String[] step : steps(first, track)) {
        AVFilterContext next = filter(step[0], step[1]);
        check(avfilter.avfilter_link(last, 0, next, 0));
        last = next;
      }
      out = filter("buffersink", null);
      check(avfilter.avfilter_link(last, 0, out, 0));
      check(avfilter.avfilter_graph_config(graph, null));
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static String source(AVFrame first, SourceTrack track) {
    return String.format(
        Locale.ROOT,
        "video_size=%dx%d:pix_fmt=%d:time_base=%s:colorspace=%d:range=%d",
        first.width(),
        first.height(),
        first.format(),
        track.timeBase().numerator() + "/" + track.timeBase().denominator(),
        first.colorspace(),
        first.color_range());
  }

  private List<String[]> steps(AVFrame first, SourceTrack track) {
    List<String[]> steps = new ArrayList<>();
    steps.add(new String[] {"bwdif", "mode=send_frame:deint=interlaced"});
    boolean sideways = track.rotation() % 180 != 0;
    if (track.rotation() == 180) {
      steps.add(new String[] {"hflip", null});
      steps.add(new String[] {"vflip", null});
    } else if (sideways) {
      steps.add(new String[] {"transpose", track.rotation() == 90 ? "dir=clock" : "dir=cclock"});
    }
    double wide = first.width() * track.sampleAspect().toDouble();
    double width = sideways ? first.height() : wide;
    double height = sideways ? wide : first.height();
    double pixel = like.sampleAspect().toDouble();
    double scale = Math.min(like.width() * pixel / width, like.height() / height);
    int scaledWidth = even(width * scale / pixel, like.width());
    int scaledHeight = even(height * scale, like.height());
    boolean full = like.parameters().colorRangeId() == FULL_RANGE;
    steps.add(
        new String[] {
          "scale",
          String.format(
              Locale.ROOT,
              "w=%d:h=%d:flags=bicubic+accurate_rnd:in_color_matrix=%s:out_color_matrix=%s"
                  + ":in_range=%s:out_range=%s",
              scaledWidth,
              scaledHeight,
              Backdrop.matrix(first.colorspace(), first.height()),
              Backdrop.matrix(like.parameters().colorMatrixId(), like.height()),
              PictureForm.fullRange(first) ? "pc" : "tv",
              full ? "pc" : "tv")
        });
    steps.add(
        new String[] {"format", "pix_fmts=" + avutil.av_get_pix_fmt_name(format).getString()});
    steps.add(
        new String[] {
          "pad",
          String.format(
              Locale.ROOT,
              "w=%d:h=%d:x=%d:y=%d:color=black",
              like.width(),
              like.height(),
              (like.width() - scaledWidth) / 4 * 2,
              (like.height() - scaledHeight) / 4 * 2)
        });
    Rational rate = like.frameRate();
    if (rate != null && rate.numerator() > 0) {
      steps.add(new String[] {"fps", "fps=" + rate.numerator() + "/" + rate.denominator()});
    }
    return steps;
  }

  private static int even(double side, int most) {
    return Math.max(2, Math.min(most, (int) Math.round(side / 2) * 2));
  }

  private AVFilterContext filter(String name, String arguments) throws MediaException {
    AVFilterContext made =
        FfmpegError.allocated(
            avfilter.avfilter_graph_alloc_filter(graph, avfilter.avfilter_get_by_name(name), name));
    check(avfilter.avfilter_init_str(made, arguments));
    return made;
  }

  /** Feeds a picture, which stays the caller's; null when nothing follows. */
  void send(AVFrame picture) throws MediaException {
    check(avfilter.av_buffersrc_add_frame_flags(in, picture, avfilter.AV_BUFFERSRC_FLAG_KEEP_REF));
  }

  /** Borrowed until the next call, with its time in that of the other track; null for none. */
  AVFrame receive() {
    avutil.av_frame_unref(frame);
    if (avfilter.av_buffersink_get_frame(out, frame) < 0) {
      return null;
    }
    AVRational base = avfilter.av_buffersink_get_time_base(out);
    frame.pts(Rational.rescale(frame.pts(), new Rational(base.num(), base.den()), like.timeBase()));
    return frame;
  }

  private static void check(int code) throws MediaException {
    FfmpegError.check(
        code, Reason.UNSUPPORTED, "Its pictures cannot be brought into the form of others");
  }

  @Override
  public void close() {
    avutil.av_frame_free(frame);
    avfilter.avfilter_graph_free(graph);
  }
}
