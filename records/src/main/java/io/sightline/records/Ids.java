package io.sightline.records;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of things. Ids are derived, never random, so that doing something again names the same
 * thing; they use {@code [a-z0-9.-]} only, and those of one stream sort by time.
 */
public final class Ids {

  /** Digits of a position inside an id or a sort key: microseconds until the year 2286. */
  public static final int POSITION_DIGITS = 16;

  /** The highest position that its digits can hold. */
  public static final long MAX_POSITION_MICROS = 9_999_999_999_999_999L;

  /** The highest sequence that its digits can hold: 60 items a second for five years. */
  public static final long MAX_SEQUENCE = 9_999_999_999L;

  private static final String CUT = "cut-";
  private static final int SEQUENCE_DIGITS = 10;
  private static final int MAX_ID_CHARACTERS = 250;
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,63}");

  private Ids() {}

  /** Position or sequence keys sort as text because they have a fixed width. */
  public static String fixedWidth(long positionMicros) {
    return padded(positionMicros, POSITION_DIGITS);
  }

  /** {@code {startMicros}-{agent}}; of a file, {@code source} is a digest of its content. */
  public static String epoch(long startMicros, String source) {
    return fixedWidth(startMicros) + "-" + requireName("agent", source);
  }

  public static String frame(String stream, String epoch, long positionMicros) {
    return stream + "." + epoch + "." + fixedWidth(positionMicros);
  }

  public static String chunk(String stream, String epoch, long sequence) {
    return stream + "." + epoch + "." + padded(sequence, SEQUENCE_DIGITS);
  }

  public static String segment(String stream, String run, String classifier, long positionMicros) {
    return stream + "." + run + "." + classifier + "." + fixedWidth(positionMicros);
  }

  /**
   * The id of a stretch that a replay asks to be cut, though no classifier found it. It names both
   * ends, so that the same stretch is cut once, whoever asks.
   */
  public static String cut(String stream, String run, long startMicros, long endMicros) {
    return segment(stream, run, classifierOfCut(startMicros, endMicros), startMicros);
  }

  /** What stands in place of the classifier of such a stretch. */
  public static String classifierOfCut(long startMicros, long endMicros) {
    return CUT + (endMicros - startMicros);
  }

  /** Whether a segment's classifier says that it is such a stretch. */
  public static boolean namesCut(String classifier) {
    return classifier != null && classifier.startsWith(CUT);
  }

  /**
   * The id of a clip. It names the revision, so that a media URL never changes its content.
   *
   * @param audioTrack 1-based, or 0 for all audio tracks together
   */
  public static String clip(
      String segment, ClipVariant variant, int audioTrack, int revision, String rendition) {
    return segment + "." + variant.id() + ".a" + audioTrack + ".r" + revision + "." + rendition;
  }

  /** What the ids of a clip and of all its renditions begin with, before a dot and their names. */
  public static String withoutRendition(String clip) {
    return clip.substring(0, clip.lastIndexOf('.'));
  }

  public static String alert(String stream, String rule, long positionMicros) {
    return stream + "." + rule + "." + fixedWidth(positionMicros);
  }

  /** {@code streams/{stream}/{epoch}/{sequence}.mp4} */
  public static String chunkKey(String stream, String epoch, long sequence) {
    return "streams/" + stream + "/" + epoch + "/" + padded(sequence, SEQUENCE_DIGITS) + ".mp4";
  }

  /** {@code streams/{stream}/{epoch}/init-{track}-{hash}.mp4} */
  public static String initKey(String stream, String epoch, int track, String hash) {
    return "streams/" + stream + "/" + epoch + "/init-" + track + "-" + hash + ".mp4";
  }

  /** {@code frames/{stream}/{yyyy}/{MM}/{dd}/{HH}/{position}.jpg}, in UTC. */
  public static String frameKey(String stream, long positionMicros) {
    var time = Positions.utc(positionMicros);
    return String.format(
        Locale.ROOT,
        "frames/%s/%04d/%02d/%02d/%02d/%s.jpg",
        stream,
        time.getYear(),
        time.getMonthValue(),
        time.getDayOfMonth(),
        time.getHour(),
        fixedWidth(positionMicros));
  }

  /** The first twelve hex digits of a SHA-256: enough to name content, short enough to read. */
  public static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  public static String digest(String content) {
    return digest(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Makes a name of any text: {@code "Front Door.mp4"} becomes {@code "front-door-mp4"}. */
  public static String nameFrom(String text) {
    String name =
        text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    if (name.isEmpty()) {
      return "stream-" + digest(text);
    }
    return name.length() <= 63 ? name : name.substring(0, 50) + "-" + digest(text);
  }

  /**
   * Returns {@code name} when it is a name: a stream, an agent, a profile, a run, a rule.
   *
   * @throws IllegalArgumentException saying what {@code what} may look like
   */
  public static String requireName(String what, String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " '"
              + (name == null || name.length() <= 100 ? name : name.substring(0, 100) + "...")
              + "' must be 1 to 63 characters of a-z, 0-9 and '-', such as 'front-door'");
    }
    return name;
  }

  /**
   * Returns {@code id} when it is one of ours by its characters.
   *
   * @throws IllegalArgumentException otherwise
   */
  public static String requireId(String what, String id) {
    if (id == null || id.length() > MAX_ID_CHARACTERS || !isId(id)) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " '"
              + (id == null || id.length() <= 100 ? id : id.substring(0, 100) + "...")
              + "' is no id: parts of a-z, 0-9 and '-', joined by '.', at most "
              + MAX_ID_CHARACTERS
              + " characters");
    }
    return id;
  }

  /** Thousands of ids are looked at for each list, where a regular expression takes its time. */
  private static boolean isId(String id) {
    boolean inPart = false;
    for (int at = 0; at < id.length(); at++) {
      char one = id.charAt(at);
      boolean ofName = one >= 'a' && one <= 'z' || one >= '0' && one <= '9' || one == '-';
      if (!ofName && !(one == '.' && inPart)) {
        return false;
      }
      inPart = ofName;
    }
    return inPart;
  }

  static String padded(long value, int digits) {
    if (value < 0) {
      throw new IllegalArgumentException("Positions and sequences are never negative: " + value);
    }
    String text = Long.toString(value);
    if (text.length() > digits) {
      throw new IllegalArgumentException(
          "'" + text + "' has more than " + digits + " digits and would not sort by time");
    }
    return "0".repeat(digits - text.length()) + text;
  }
}
