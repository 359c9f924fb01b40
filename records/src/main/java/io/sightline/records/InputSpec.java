package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One source of a stream, and those that stand in for it.
 *
 * @param url {@code rtsp://}, {@code rtmp://}, {@code http://}, {@code file:} and so on; may hold
 *     credentials, so it is never printed: see {@link #safeUrl()}
 * @param use what it is taken for; both when it is the only input
 * @param key stream key of an RTMP target; null elsewhere; never printed
 * @param every how often an http URL that answers with a single JPEG is asked for it, such as
 *     {@code 500ms}, or MediaLive for a thumbnail; null for {@link #DEFAULT_EVERY} and {@link
 *     #DEFAULT_EVERY_THUMBNAIL}
 * @param backup what is read in its place while it is away, in this order
 * @param failover after which silence the next one is opened; null for {@link #DEFAULT_FAILOVER}
 * @param returnAfter for how long it must have delivered steadily before the stream returns to it
 *     from a backup; null for {@link #DEFAULT_RETURN_AFTER}
 * @param offset how much later than it arrives what it shows is laid on the axis, such as {@code
 *     -120ms}, where another input is recorded; null when that is measured
 */
public record InputSpec(
    String url,
    Set<InputUse> use,
    String key,
    String every,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<BackupSpec> backup,
    String failover,
    String returnAfter,
    String offset) {

  /** The URL of an input that an encoder publishes to its agent. */
  public static final String RTMP_TARGET = "rtmp-listen";

  /** A key that can be guessed is none. */
  private static final int MIN_KEY = 8;

  /** How often a snapshot is asked for where nothing else is said. */
  public static final Duration DEFAULT_EVERY = Duration.ofSeconds(1);

  /** How often MediaLive is asked for a thumbnail where nothing else is said. */
  public static final Duration DEFAULT_EVERY_THUMBNAIL = Duration.ofSeconds(5);

  private static final String MEDIALIVE = "medialive:";

  /** Thumbnails are made every two seconds, about. */
  private static final Duration MIN_EVERY_THUMBNAIL = Duration.ofSeconds(1);

  /** After which silence a backup is opened where nothing else is said. */
  public static final Duration DEFAULT_FAILOVER = Duration.ofSeconds(5);

  /** How long an input has been well again before it is returned to where nothing else is said. */
  public static final Duration DEFAULT_RETURN_AFTER = Duration.ofSeconds(10);

  /** No camera is further behind another one of the same scene. */
  public static final Duration MAX_OFFSET = Duration.ofSeconds(5);

  public static final int MAX_BACKUPS = 4;

  private static final Duration MIN_EVERY = Duration.ofMillis(100);
  private static final Duration MAX_EVERY = Duration.ofHours(1);

  private static final Duration MIN_FAILOVER = Duration.ofSeconds(1);
  private static final Duration MAX_FAILOVER = Duration.ofMinutes(10);
  private static final Duration MAX_RETURN_AFTER = Duration.ofHours(24);

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://");

  public InputSpec {
    checkSource(url, key, every);
    use =
        Collections.unmodifiableSet(
            use == null || use.isEmpty() ? EnumSet.allOf(InputUse.class) : EnumSet.copyOf(use));
    backup = backup == null ? List.of() : List.copyOf(backup);
    if (backup.size() > MAX_BACKUPS) {
      throw new IllegalArgumentException(
          "An input has up to " + MAX_BACKUPS + " backups, not " + backup.size());
    }
    if (backup.isEmpty() && (failover != null || returnAfter != null)) {
      throw new IllegalArgumentException(
          "'failover' and 'returnAfter' are for an input with a backup; "
              + safe(url)
              + " has none");
    }
    checkWithin("failover", failover, MAX_FAILOVER);
    checkWithin("returnAfter", returnAfter, MAX_RETURN_AFTER);
    if (offset != null && use.contains(InputUse.RECORD)) {
      throw new IllegalArgumentException(
          "'offset' is for an input with 'use: [analyze]' beside another that is recorded, not for "
              + safe(url));
    }
    offsetMicros(offset);
  }

  /** Without anything to stand in for it. */
  public InputSpec(String url, Set<InputUse> use, String key, String every) {
    this(url, use, key, every, null, null, null, null);
  }

  public InputSpec(String url, Set<InputUse> use, String key) {
    this(url, use, key, null);
  }

  public static InputSpec of(String url) {
    return new InputSpec(url, null, null);
  }

  /** What holds for whatever can be opened, be it a backup or not. */
  static void checkSource(String url, String key, String every) {
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException("An input needs a url");
    }
    if (url.equals(RTMP_TARGET) && (key == null || key.length() < MIN_KEY)) {
      throw new IllegalArgumentException(
          "An input '"
              + RTMP_TARGET
              + "' needs a key of at least "
              + MIN_KEY
              + " characters, which the encoder shows: key: ${STREAM_KEY}");
    }
    if (every != null) {
      checkEvery(url, every);
    }
  }

  private static void checkEvery(String url, String every) {
    boolean thumbnails = starts(url, MEDIALIVE);
    if (!thumbnails && !starts(url, "http://") && !starts(url, "https://")) {
      throw new IllegalArgumentException(
          "'every' is for http inputs that answer with a single JPEG and for medialive, not for "
              + safe(url));
    }
    Duration interval = Units.duration(every);
    Duration least = thumbnails ? MIN_EVERY_THUMBNAIL : MIN_EVERY;
    if (interval.compareTo(least) < 0 || interval.compareTo(MAX_EVERY) > 0) {
      throw new IllegalArgumentException(
          thumbnails
              ? "A thumbnail is asked for every 1s to 1h, not every '" + every + "'"
              : "A snapshot is asked for every 100ms to 1h, not every '" + every + "'");
    }
  }

  private static boolean starts(String url, String scheme) {
    return url.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static void checkWithin(String key, String text, Duration longest) {
    if (text == null) {
      return;
    }
    Duration duration = Units.duration(text);
    if (duration.compareTo(MIN_FAILOVER) < 0 || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' is 1s to "
              + (longest == MAX_FAILOVER ? "10m" : "24h")
              + ", not '"
              + text
              + "'");
    }
  }

  /**
   * @return microseconds; null when nothing is given
   */
  static Long offsetMicros(String offset) {
    if (offset == null) {
      return null;
    }
    boolean earlier = offset.strip().startsWith("-");
    Duration length = Units.duration(earlier ? offset.strip().substring(1) : offset);
    if (length.compareTo(MAX_OFFSET) > 0) {
      throw new IllegalArgumentException("'offset' is -5s to 5s, not '" + offset + "'");
    }
    return (earlier ? -1 : 1) * Positions.micros(length);
  }

  /** How much later than it arrives what it shows is laid; null when that is measured. */
  public Long offsetMicros() {
    return offsetMicros(offset);
  }

  /** After which silence the next one is opened. */
  public Duration failoverAfter() {
    return failover == null ? DEFAULT_FAILOVER : Units.duration(failover);
  }

  /** How long it has been well again before it is returned to. */
  public Duration wellAfter() {
    return returnAfter == null ? DEFAULT_RETURN_AFTER : Units.duration(returnAfter);
  }

  /** How often it is asked for a picture, if it is a snapshot or a thumbnail. */
  public Duration interval() {
    if (every != null) {
      return Units.duration(every);
    }
    return starts(url, MEDIALIVE) ? DEFAULT_EVERY_THUMBNAIL : DEFAULT_EVERY;
  }

  /** Whether an encoder publishes it. */
  public boolean published() {
    return url.equals(RTMP_TARGET);
  }

  /** The URL for people: without user, password, query and fragment. See {@link #safe(String)}. */
  public String safeUrl() {
    return safe(url);
  }

  /**
   * Any text that is meant as a URL, without user, password, query and fragment. People write
   * passwords without escaping them: where an {@code @} behind the first {@code /}, {@code ?} or
   * {@code #} leaves open which part is the password, only the scheme is shown.
   */
  public static String safe(String url) {
    Matcher scheme = SCHEME.matcher(url);
    String start = scheme.lookingAt() ? scheme.group() : "";
    String rest = url.substring(start.length());
    if (!isFile(start, rest)) {
      int at = rest.lastIndexOf('@');
      int authorityEnd = firstOf(rest, "/?#");
      if (at > authorityEnd) {
        return start + "***";
      }
      rest = rest.substring(at + 1);
    }
    return (start + rest.substring(0, firstOf(rest, "?#"))).replaceAll("\\p{Cntrl}", "?");
  }

  /** Names of files may hold an {@code @}, but no credentials. */
  private static boolean isFile(String scheme, String rest) {
    return scheme.equalsIgnoreCase("file://")
        || scheme.isEmpty() && (rest.startsWith("/") || rest.startsWith("file:"));
  }

  /** Index of the first of these characters, or the text's length. */
  private static int firstOf(String text, String characters) {
    int index = 0;
    while (index < text.length() && characters.indexOf(text.charAt(index)) < 0) {
      index++;
    }
    return index;
  }

  @Override
  public String toString() {
    return safeUrl() + use;
  }
}
