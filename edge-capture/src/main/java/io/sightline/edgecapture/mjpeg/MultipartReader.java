package io.sightline.edgecapture.mjpeg;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Takes a {@code multipart/x-mixed-replace} body apart (RFC 2046), as cameras really send it: the
 * delimiter with other dashes than announced, or another one altogether; no delimiter before the
 * first part; lines that end in LF alone; no line end before a delimiter; no Content-Length, or a
 * wrong one.
 *
 * <p>A Content-Length is believed, so that a picture need not wait for what follows it, until a
 * delimiter is not where it says; from then on delimiters alone count. Without one, a part ends at
 * the delimiter, or sooner where nothing more has come and its bytes are whole by themselves.
 *
 * <p>What is held is bounded by the size of a part. Blocks as the stream does. One thread.
 */
final class MultipartReader {

  static final int MAX_LINE_BYTES = 4_096;
  static final int MAX_HEADERS = 64;

  /** More than the first delimiter, its line and some text for people. */
  static final int MAX_PREAMBLE_BYTES = 1 << 20;

  /** Looking whether a part is whole costs a pass over it. */
  private static final int MAX_LOOKS = 16;

  /** Without any dash, fewer characters come about by chance. */
  private static final int MIN_BARE_BOUNDARY = 4;

  private static final int MAX_AFTER_DELIMITER = 100;
  private static final int UNKNOWN = StreamWindow.UNKNOWN;

  private final StreamWindow window;
  private final String announced;
  private final int maxPartBytes;
  private final Predicate<ByteBuffer> whole;

  private byte[] delimiter;
  private boolean atHeaders;
  private boolean afterLength;
  private boolean lengthsAreWrong;

  // Of the part whose headers were read last.
  private String type;
  private int length;

  /**
   * @param announced the boundary parameter; null when there is none
   * @param whole whether the bytes of a part are whole by themselves; asked when they end like a
   *     JPEG
   */
  MultipartReader(InputStream in, String announced, int maxPartBytes, Predicate<ByteBuffer> whole) {
    this.window = new StreamWindow(in, maxPartBytes);
    this.announced = announced;
    this.maxPartBytes = maxPartBytes;
    this.whole = whole;
  }

  /**
   * The next part that is an image, or may be one.
   *
   * @return its bytes, borrowed until the next call, or why it cannot be used; null at the end
   * @throws MediaException MALFORMED when this is no multipart body at all
   */
  Arrival next() throws IOException, MediaException {
    while (true) {
      if (!atHeaders && !(delimiter == null ? begin() : goToDelimiter())) {
        return null;
      }
      atHeaders = false;
      String damage = readHeaders();
      if (damage != null) {
        return Arrival.damaged(damage);
      }
      if (window.ended() && window.size() == 0) {
        return null;
      }
      if (type == null || type.startsWith("image/") || type.startsWith("application/octet")) {
        return body();
      }
    }
  }

  /** How much is allocated. */
  int heldBytes() {
    return window.heldBytes();
  }

  // ---- Before the first part.

  /** Finds the first delimiter and learns it; false when the stream ends before it. */
  private boolean begin() throws IOException, MediaException {
    String core = announced == null ? "" : withoutDashes(announced);
    String before = "";
    int skipped = 0;
    while (skipped <= MAX_PREAMBLE_BYTES) {
      int end = window.lineEnd(MAX_LINE_BYTES);
      if (end == UNKNOWN && window.ended()) {
        return false;
      }
      String line = end == UNKNOWN ? "" : window.text(end).strip();
      if (isPartHeader(line)) {
        learn(before.startsWith("--") && !withoutDashes(before).isEmpty() ? before : "--" + core);
        atHeaders = true;
        return true;
      }
      int used = end == UNKNOWN ? MAX_LINE_BYTES : end + 1;
      window.skip(used);
      skipped += used;
      String found = withoutDashes(line);
      boolean telling = found.length() < line.length() || core.length() >= MIN_BARE_BOUNDARY;
      boolean asAnnounced =
          telling && !core.isEmpty() && (found.equals(core) || found.equals(core + "--"));
      if (asAnnounced || core.isEmpty() && line.startsWith("--") && isBoundary(found)) {
        learn(asAnnounced ? line.substring(0, line.length() - found.length()) + core : line);
        return true;
      }
      before = line;
    }
    throw malformed("no delimiter of parts came within " + MAX_PREAMBLE_BYTES + " bytes");
  }

  /** With two dashes or more it is found anywhere, with fewer at the beginning of a line. */
  private void learn(String line) throws MediaException {
    String core = withoutDashes(line);
    if (!isBoundary(core)) {
      throw malformed("its parts have no usable boundary");
    }
    int dashes = line.length() - core.length();
    String pattern = dashes >= 2 ? "--" + core : "\n" + line;
    delimiter = pattern.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static boolean isBoundary(String core) {
    return !core.isEmpty()
        && core.length() <= 200
        && core.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private static boolean isPartHeader(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    return lower.startsWith("content-type:") || lower.startsWith("content-length:");
  }

  private static String withoutDashes(String text) {
    int dashes = 0;
    while (dashes < text.length() && text.charAt(dashes) == '-') {
      dashes++;
    }
    return text.substring(dashes);
  }

  // ---- Between parts.

  /** Goes behind the next delimiter's line; false when the stream ends before it. */
  private boolean goToDelimiter() throws IOException {
    boolean straight = true;
    while (true) {
      int found = window.find(delimiter, 0);
      int passed = found == UNKNOWN ? Math.max(0, window.size() - delimiter.length + 1) : found;
      for (int i = 0; i < passed; i++) {
        straight &= " \t\r\n-\0".indexOf(window.at(i)) >= 0;
      }
      if (found != UNKNOWN) {
        int behind = behindDelimiter(found);
        if (behind != UNKNOWN) {
          lengthsAreWrong |= afterLength && !straight;
          afterLength = false;
          window.skip(behind);
          return true;
        }
        straight = false;
        passed = found + 1;
      }
      window.skip(passed);
      if (found == UNKNOWN && !window.grow()) {
        return false;
      }
    }
  }

  /** Offset behind the line of the delimiter; unknown when something else follows on its line. */
  private int behindDelimiter(int found) throws IOException {
    for (int i = 0; i < MAX_AFTER_DELIMITER; i++) {
      int offset = found + delimiter.length + i;
      if (offset >= window.size() && !window.grow()) {
        return offset;
      }
      int c = window.at(offset);
      if (c == '\n') {
        return offset + 1;
      }
      if (c != '-' && c != ' ' && c != '\t' && c != '\r') {
        return UNKNOWN;
      }
    }
    return UNKNOWN;
  }

  // ---- A part.

  /** Returns why the part cannot be used; null when it can. */
  private String readHeaders() throws IOException {
    type = null;
    length = UNKNOWN;
    for (int headers = 0; headers <= MAX_HEADERS; headers++) {
      if (beginsPicture()) {
        return null;
      }
      int end = window.lineEnd(MAX_LINE_BYTES);
      if (end == UNKNOWN) {
        if (!window.ended()) {
          return "a header line is longer than " + MAX_LINE_BYTES + " bytes";
        }
        window.skip(window.size());
        return null;
      }
      String line = window.text(end).strip();
      window.skip(end + 1);
      if (line.isEmpty()) {
        return null;
      }
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (name.equals("content-type")) {
        type = value.toLowerCase(Locale.ROOT);
      } else if (name.equals("content-length") && value.matches("\\d{1,18}")) {
        length = (int) Math.min(Integer.MAX_VALUE, Long.parseLong(value));
      }
    }
    return "it has more than " + MAX_HEADERS + " headers";
  }

  /** Some cameras leave the empty line out. */
  private boolean beginsPicture() throws IOException {
    while (window.size() < 2 && window.grow()) {
      // Until it can be seen.
    }
    return window.size() >= 2 && window.at(0) == 0xff && window.at(1) == 0xd8;
  }

  private Arrival body() throws IOException {
    if (length > maxPartBytes) {
      return tooLarge();
    }
    return length <= 0 || lengthsAreWrong ? upToDelimiter() : byLength();
  }

  private Arrival byLength() throws IOException {
    while (window.size() < length) {
      if (!window.grow()) {
        window.skip(window.size());
        return Arrival.damaged("it breaks off");
      }
    }
    ByteBuffer body = window.first(length);
    window.skip(length);
    afterLength = true;
    return Arrival.picture(body);
  }

  private Arrival upToDelimiter() throws IOException {
    int looks = 0;
    int searched = 0;
    while (true) {
      int found = window.find(delimiter, searched);
      while (found != UNKNOWN) {
        if (behindDelimiter(found) != UNKNOWN) {
          return body(found);
        }
        found = window.find(delimiter, found + 1);
      }
      int size = window.size();
      searched = Math.max(0, size - delimiter.length + 1);
      if (size > maxPartBytes) {
        window.skip(searched);
        return tooLarge();
      }
      int end = endOfJpeg();
      if (end != UNKNOWN && looks++ < MAX_LOOKS && whole.test(window.first(end))) {
        return body(end);
      }
      if (!window.grow()) {
        return body(size);
      }
    }
  }

  /**
   * The part's first bytes, without the line end before a delimiter and dashes that belong to it.
   */
  private Arrival body(int bytes) {
    int end = bytes;
    while (end > 0 && window.at(end - 1) == '-') {
      end--;
    }
    if (end > 0 && window.at(end - 1) == '\n') {
      end--;
    }
    if (end > 0 && window.at(end - 1) == '\r') {
      end--;
    }
    ByteBuffer body = window.first(end);
    window.skip(end);
    return body.hasRemaining() ? Arrival.picture(body) : Arrival.damaged("it is empty");
  }

  /** Offset behind a JPEG's end marker, when that is the last that has come. */
  private int endOfJpeg() {
    int size = window.size();
    int end = size;
    while (end > 0
        && size - end < 2
        && (window.at(end - 1) == '\n' || window.at(end - 1) == '\r')) {
      end--;
    }
    boolean marked = end >= 4 && window.at(end - 2) == 0xff && window.at(end - 1) == 0xd9;
    return marked ? end : UNKNOWN;
  }

  private Arrival tooLarge() {
    return Arrival.damaged("it is larger than " + maxPartBytes + " bytes");
  }

  private static MediaException malformed(String why) {
    return new MediaException(Reason.MALFORMED, "This is no multipart body: " + why);
  }
}
