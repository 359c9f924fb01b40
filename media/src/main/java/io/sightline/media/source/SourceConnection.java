package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.ffmpeg.CustomInput;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.Watch;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;

/** How FFmpeg is brought to open a source, and to look no further than it may. */
final class SourceConnection {

  private SourceConnection() {}

  /**
   * Opens it.
   *
   * @param input what is read instead of the address; null when the address is
   * @return owned by the caller
   */
  static AVFormatContext open(
      SourceAddress address, SourceOptions options, Watch watch, CustomInput input)
      throws MediaException {
    AVInputFormat format = address.kind() == SourceKind.DEVICE ? Devices.demuxer() : null;
    AVFormatContext context = FfmpegError.allocated(avformat.avformat_alloc_context());
    watch.over(context);
    if (input != null) {
      context.pb(input.context());
    }
    context.probesize(options.probeBytes());
    context.max_analyze_duration(options.probeTime().toNanos() / 1_000);
    // Times of 33 bits are unwrapped here, any number of times; FFmpeg would do it once.
    context.correct_ts_overflow(0);
    if (address.kind().isFile()) {
      // AVI gives decode times alone; with all packets at hand FFmpeg can tell the others.
      context.flags(context.flags() | AVFormatContext.AVFMT_FLAG_GENPTS);
    }
    AVDictionary settings = new AVDictionary(null);
    try {
      settings(address.kind(), options)
          .forEach((key, value) -> avutil.av_dict_set(settings, key, value, 0));
      watch.start(options.openTimeout());
      String from = address.url();
      if (format != null) {
        DeviceAddress camera = DeviceAddress.parse(address.url());
        camera.settings().forEach((key, value) -> avutil.av_dict_set(settings, key, value, 0));
        from = camera.path();
        // It would wait for a picture without asking the watch.
        context.flags(context.flags() | AVFormatContext.AVFMT_FLAG_NONBLOCK);
      }
      // Frees the context when it fails.
      int code = avformat.avformat_open_input(context, from, format, settings);
      if (code < 0) {
        throw address.openFailure(code, watch.interrupted(), options.openTimeout());
      }
    } finally {
      avutil.av_dict_free(settings);
    }
    return context;
  }

  /** Reads until it is known what is in it. */
  static void look(
      AVFormatContext context, SourceAddress address, SourceOptions options, Watch watch)
      throws MediaException {
    SourceTracks.refuseUnsafe(context, address);
    int code = avformat.avformat_find_stream_info(context, (PointerPointer<?>) null);
    if (code < 0 || watch.interrupted()) {
      throw address.openFailure(code, watch.interrupted(), options.openTimeout());
    }
  }

  private static Map<String, String> settings(SourceKind kind, SourceOptions options) {
    Map<String, String> settings = new HashMap<>();
    settings.put("protocol_whitelist", kind.protocols());
    settings.put("format_whitelist", kind.formats());
    settings.put("max_streams", Integer.toString(SourceTracks.MAX_STREAMS));
    if (kind == SourceKind.RTSP) {
      settings.put("rtsp_transport", options.rtspOverUdp() ? "udp" : "tcp");
      settings.put("allowed_media_types", "video+audio");
    }
    return settings;
  }
}
