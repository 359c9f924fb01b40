package io.sightline.media.ffmpeg;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes FFmpeg's log away from standard error: it goes to the logger {@code ffmpeg} at debug, and
 * its last error lines are kept for each thread, because they say what error codes do not.
 */
public final class FfmpegLog {

  private static final Logger LOG = LoggerFactory.getLogger("ffmpeg");
  private static final int KEPT_LINES = 8;
  private static final int MAX_LINE = 300;
  private static final Pattern CREDENTIALS =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\\s'\"]*@");
  private static final Pattern QUERY =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*:[^\\s'\"?]*)\\?[^\\s'\"]*");
  private static final ThreadLocal<Deque<String>> LAST = ThreadLocal.withInitial(ArrayDeque::new);

  // Never freed: FFmpeg may log as long as the process lives.
  private static final Redirect REDIRECT = new Redirect();

  static {
    avutil.av_log_set_level(LOG.isTraceEnabled() ? avutil.AV_LOG_VERBOSE : avutil.AV_LOG_WARNING);
    avutil.setLogCallback(REDIRECT);
  }

  private FfmpegLog() {}

  /** Redirects the log; later calls do nothing. Called before anything else of FFmpeg. */
  public static void install() {
    // The static initialiser has done it.
  }

  /** Forgets this thread's error lines, before something is tried. */
  public static void forget() {
    LAST.get().clear();
  }

  /** The error lines of this thread since {@link #forget()}, oldest first, without credentials. */
  public static Iterable<String> lines() {
    return new ArrayDeque<>(LAST.get());
  }

  /** This thread's last error line since {@link #forget()}. */
  public static Optional<String> lastLine() {
    return Optional.ofNullable(LAST.get().peekLast());
  }

  /** The text without users, passwords and queries of the URLs in it. */
  public static String withoutSecrets(String text) {
    return QUERY.matcher(CREDENTIALS.matcher(text).replaceAll("$1")).replaceAll("$1");
  }

  private static void take(int level, String message) {
    String line = withoutSecrets(message.strip());
    if (line.isEmpty()) {
      return;
    }
    LOG.debug("{}", line);
    if (level <= avutil.AV_LOG_ERROR) {
      Deque<String> last = LAST.get();
      if (last.size() == KEPT_LINES) {
        last.removeFirst();
      }
      last.addLast(line.length() <= MAX_LINE ? line : line.substring(0, MAX_LINE));
    }
  }

  private static final class Redirect extends LogCallback {

    Redirect() {
      super();
    }

    @Override
    public void call(int level, BytePointer message) {
      // Nothing may be thrown into native code.
      try {
        take(level, message.getString());
      } catch (RuntimeException e) {
        LOG.debug("A line of FFmpeg's log could not be read", e);
      }
    }
  }
}
