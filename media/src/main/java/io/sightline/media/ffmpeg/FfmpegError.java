package io.sightline.media.ffmpeg;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;

/** FFmpeg's error codes as reasons and words. */
public final class FfmpegError {

  // errno values of FFmpeg's own platforms agree on these.
  public static final int NOT_PERMITTED = -1;
  public static final int NO_ENTRY = -2;
  public static final int NO_ADDRESS = -6;
  public static final int NO_ACCESS = -13;
  public static final int BUSY = -16;
  public static final int NO_DEVICE = -19;
  public static final int INVALID = -22;
  public static final int NO_TERMINAL = -25;
  private static final int TIMED_OUT = -110;

  private FfmpegError() {}

  /** What FFmpeg says about a code: {@code Invalid data found when processing input}. */
  public static String text(int code) {
    byte[] text = new byte[128];
    avutil.av_strerror(code, text, text.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /** The reason behind a code that came while opening or reading. */
  public static Reason reason(int code) {
    if (code == avutil.AVERROR_HTTP_UNAUTHORIZED()
        || code == avutil.AVERROR_HTTP_FORBIDDEN()
        || code == NO_ACCESS
        || code == NOT_PERMITTED) {
      return Reason.UNAUTHORIZED;
    }
    if (code == avutil.AVERROR_HTTP_NOT_FOUND() || code == NO_ENTRY) {
      return Reason.NOT_FOUND;
    }
    if (code == avutil.AVERROR_INVALIDDATA() || code == avutil.AVERROR_STREAM_NOT_FOUND()) {
      return Reason.MALFORMED;
    }
    if (code == avutil.AVERROR_PROTOCOL_NOT_FOUND()
        || code == avutil.AVERROR_DEMUXER_NOT_FOUND()
        || code == avutil.AVERROR_DECODER_NOT_FOUND()
        || code == avutil.AVERROR_ENCODER_NOT_FOUND()
        || code == avutil.AVERROR_PATCHWELCOME()) {
      return Reason.UNSUPPORTED;
    }
    if (code == avutil.AVERROR_EXIT() || code == TIMED_OUT) {
      return Reason.TIMEOUT;
    }
    return Reason.UNAVAILABLE;
  }

  /** Throws when {@code code} is an error, with what was being done. */
  public static int check(int code, Reason reason, String what) throws MediaException {
    if (code < 0) {
      throw new MediaException(reason, what + ": " + text(code));
    }
    return code;
  }

  /** Throws when FFmpeg had no memory for something. */
  public static <T extends Pointer> T allocated(T pointer) throws MediaException {
    if (pointer == null || pointer.isNull()) {
      throw new MediaException(Reason.UNAVAILABLE, "There is no memory left for media");
    }
    return pointer;
  }
}
