package io.sightline.media.encode;

import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** How pictures are encoded: by which encoder, and how much is spent on quality. */
enum Coding {

  /** A tenth of a bit per pixel: what is recorded for long, on one thread. */
  RECORDING("libopenh264", "h264", 3_840, 2_160) {
    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      context.thread_count(1);
      context.qmin(-1).qmax(-1);
      return openH264(context, "bitrate", 0.1, rate);
    }
  },

  /**
   * Beside copied pictures nobody should see the difference; short, so size matters little.
   * Somebody waits for it, so slices of a picture are encoded beside each other. What is cut again
   * has to have the same bytes, on any machine: with as many threads as slices OpenH264 would size
   * slices by how long they take, and with one it filters across them (tried).
   */
  CUTTING("libopenh264", "h264", 3_840, 2_160) {
    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      context.slices(context.height() < LEAST_SLICED ? 1 : SLICES);
      context.thread_count(context.height() < LEAST_SLICED ? 1 : SLICES - 1);
      context.qmin(14).qmax(26);
      return openH264(context, "quality", 0.3, rate);
    }
  },

  /**
   * The same beside pictures in AV1, by libaom as for a call: it looks at no later pictures, which
   * would take memory for each, and gives out each at once.
   */
  CUTTING_AV1("libaom-av1", "av1", 8_192, 8_192) {
    @Override
    int format(int recorded) {
      return recorded == avutil.AV_PIX_FMT_YUV420P10LE ? recorded : super.format(recorded);
    }

    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      context.thread_count(AV1_THREADS);
      context.bit_rate(0);
      return Map.of(
          "usage", "realtime", "cpu-used", "8", "crf", "20", "lag-in-frames", "0", "row-mt", "1");
    }
  },

  /** As recordings, by NVIDIA's hardware; each picture is given out before the next comes. */
  NVENC("h264_nvenc", "h264", 4_096, 4_096) {
    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      hardware(context, rate);
      return Map.of("preset", "p5", "rc", "vbr", "forced-idr", "1", "zerolatency", "1");
    }
  },

  /** As recordings, by Intel's hardware. */
  QSV("h264_qsv", "h264", 4_096, 4_096) {
    @Override
    EncoderSurface.Kind surface() {
      return EncoderSurface.Kind.NV12;
    }

    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      hardware(context, rate);
      return Map.of("forced_idr", "1", "async_depth", "1");
    }
  },

  /** As recordings, by whatever hardware is behind VAAPI. */
  VAAPI("h264_vaapi", "h264", 4_096, 4_096) {
    @Override
    EncoderSurface.Kind surface() {
      return EncoderSurface.Kind.VAAPI;
    }

    @Override
    Map<String, String> configure(AVCodecContext context, double rate) {
      hardware(context, rate);
      return Map.of("async_depth", "1");
    }
  };

  /** Of a picture. */
  private static final int SLICES = 4;

  /** Pictures that are less high are encoded as fast as threads are woken. */
  private static final int LEAST_SLICED = 360;

  /**
   * On any machine: more than one makes other bytes than one does, how many is all the same
   * (tried).
   */
  private static final int AV1_THREADS = 4;

  private static final long MIN_BITS_PER_SECOND = 300_000;
  private static final long MAX_BITS_PER_SECOND = 40_000_000;

  private final String library;
  private final String codec;
  private final int maxLong;
  private final int maxShort;

  Coding(String library, String codec, int maxLong, int maxShort) {
    this.library = library;
    this.codec = codec;
    this.maxLong = maxLong;
    this.maxShort = maxShort;
  }

  /** FFmpeg's name of the encoder. */
  String library() {
    return library;
  }

  /** FFmpeg's name of what it makes. */
  String codec() {
    return codec;
  }

  /** What the longer side may be at most, in pixels. */
  int maxLong() {
    return maxLong;
  }

  /** What the shorter side may be at most, in pixels. */
  int maxShort() {
    return maxShort;
  }

  /**
   * The pixel format that is encoded.
   *
   * @param recorded that of the source
   */
  int format(int recorded) {
    return avutil.AV_PIX_FMT_YUV420P;
  }

  /** Where it takes its pictures. */
  EncoderSurface.Kind surface() {
    return EncoderSurface.Kind.PLANAR;
  }

  /**
   * Completes a context whose picture size is set.
   *
   * @param rate pictures a second
   * @return the encoder's own settings
   */
  abstract Map<String, String> configure(AVCodecContext context, double rate);

  private static void hardware(AVCodecContext context, double rate) {
    spend(context, 0.1, rate);
    context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
  }

  private static void spend(AVCodecContext context, double bitsPerPixel, double rate) {
    long wanted = Math.round(bitsPerPixel * context.width() * context.height() * rate);
    context.bit_rate(Math.max(MIN_BITS_PER_SECOND, Math.min(MAX_BITS_PER_SECOND, wanted)));
  }

  /** CAVLC, so that slices can be renamed. */
  private static Map<String, String> openH264(
      AVCodecContext context, String rateControl, double bitsPerPixel, double rate) {
    spend(context, bitsPerPixel, rate);
    context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    return Map.of("rc_mode", rateControl, "coder", "cavlc", "allow_skip_frames", "0");
  }
}
