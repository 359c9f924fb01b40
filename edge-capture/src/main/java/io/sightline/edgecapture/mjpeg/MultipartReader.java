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

  private static final int READ_BYTES = 64 * 1024;

  /** Looking whether a part is whole costs a pass over it. */
  private static final int MAX_LOOKS = 16;

  private static final int MAX_AFTER_DELIMITER = 100;
  private static final int UNKNOWN = -1;

  private final InputStream in;
  private final String announced;
  private final int maxPartBytes;
  private final Predicate<ByteBuffer> whole;

  // What has been read and not yet used: data[from, to).
  private byte[] data = new byte[READ_BYTES];
  private int from;
  private int to;
  private boolean ended;

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
    this.in = in;
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
      if (ended && from == to) {
        return null;
      }
      if (type == null || type.startsWith("image/") || type.startsWith("application/octet")) {
        return body();
      }
    }
  }

  /** How much is allocated. */
  int heldBytes() {
    return data.length;
  }

  // ---- Before the first part.

  /** Finds the first delimiter and learns it; false when the stream ends before it. */
  private boolean begin() throws IOException, MediaException {
    String core = announced == null ? "" : withoutDashes(announced);
    String before = "";
    int skipped = 0;
    while (skipped <= MAX_PREAMBLE_BYTES) {
      int end = lineEnd();
      if (end == UNKNOWN && ended) {
        return false;
      }
      String line = end == UNKNOWN ? "" : text(end).strip();
      if (isPartHeader(line)) {
        learn(before.startsWith("--") && !withoutDashes(before).isEmpty() ? before : "--" + core);
        atHeaders = true;
        return true;
      }
      int used = end == UNKNOWN ? Math.min(to - from, MAX_LINE_BYTES) : end + 1;
      from += used;
      skipped += used;
      String found = withoutDashes(line);
      boolean asAnnounced = !core.isEmpty() && (found.equals(core) || found.equals(core + "--"));
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
      int found = find(0);
      int passed = found == UNKNOWN ? Math.max(0, to - from - delimiter.length + 1) : found;
      for (int i = 0; i < passed; i++) {
        straight &= " \t\r\n-\0".indexOf(data[from + i] & 0xff) >= 0;
      }
      if (found != UNKNOWN) {
        int behind = behindDelimiter(found);
        if (behind != UNKNOWN) {
          lengthsAreWrong |= afterLength && !straight;
          afterLength = false;
          from += behind;
          return true;
        }
        straight = false;
        passed = found + 1;
      }
      from += Math.min(passed, to - from);
      if (found == UNKNOWN && !fill()) {
        return false;
      }
    }
  }

  /**
   * Offset of the delimiter's bytes at or after {@code start}; offsets count from {@link #from}.
   */
  private int find(int start) {
    int last = to - delimiter.length;
    byte first = delimiter[0];
    for (int at = from + start; at <= last; at++) {
      if (data[at] == first && isDelimiter(at)) {
        return at - from;
      }
    }
    return UNKNOWN;
  }

  private boolean isDelimiter(int at) {
    for (int i = 1; i < delimiter.length; i++) {
      if (data[at + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  /** Offset behind the line of the delimiter; unknown when something else follows on its line. */
  private int behindDelimiter(int found) throws IOException {
    for (int i = 0; i < MAX_AFTER_DELIMITER; i++) {
      int offset = found + delimiter.length + i;
      if (offset >= to - from && !fill()) {
        return offset;
      }
      byte c = data[from + offset];
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
      int end = lineEnd();
      if (end == UNKNOWN) {
        boolean over = ended;
        from = over ? to : from;
        return over ? null : "a header line is longer than " + MAX_LINE_BYTES + " bytes";
      }
      String line = text(end).strip();
      from += end + 1;
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
    while (to - from < 2 && fill()) {
      // Until it can be seen.
    }
    return to - from >= 2 && (data[from] & 0xff) == 0xff && (data[from + 1] & 0xff) == 0xd8;
  }

  private Arrival body() throws IOException {
    if (length > maxPartBytes) {
      return tooLarge();
    }
    return length <= 0 || lengthsAreWrong ? upToDelimiter() : byLength();
  }

  private Arrival byLength() throws IOException {
    while (to - from < length) {
      if (!fill()) {
        from = to;
        return Arrival.damaged("it breaks off");
      }
    }
    ByteBuffer body = ByteBuffer.wrap(data, from, length).slice();
    from += length;
    afterLength = true;
    return Arrival.picture(body);
  }

  private Arrival upToDelimiter() throws IOException {
    int looks = 0;
    int searched = 0;
    while (true) {
      int found = find(searched);
      while (found != UNKNOWN) {
        if (behindDelimiter(found) != UNKNOWN) {
          return body(found);
        }
        found = find(found + 1);
      }
      int size = to - from;
      searched = Math.max(0, size - delimiter.length + 1);
      if (size > maxPartBytes) {
        from += searched;
        return tooLarge();
      }
      int end = endOfJpeg();
      if (end != UNKNOWN
          && looks++ < MAX_LOOKS
          && whole.test(ByteBuffer.wrap(data, from, end).slice())) {
        return body(end);
      }
      if (!fill()) {
        return body(size);
      }
    }
  }

  /**
   * The part's first bytes, without the line end before a delimiter and dashes that belong to it.
   */
  private Arrival body(int bytes) {
    int end = bytes;
    while (end > 0 && data[from + end - 1] == '-') {
      end--;
    }
    if (end > 0 && data[from + end - 1] == '\n') {
      end--;
    }
    if (end > 0 && data[from + end - 1] == '\r') {
      end--;
    }
    ByteBuffer body = ByteBuffer.wrap(data, from, end).slice();
    from += end;
    return body.hasRemaining() ? Arrival.picture(body) : Arrival.damaged("it is empty");
  }

  /** Offset behind a JPEG's end marker, when that is the last that has come. */
  private int endOfJpeg() {
    int end = to;
    while (end > from && to - end < 2 && (data[end - 1] == '\n' || data[end - 1] == '\r')) {
      end--;
    }
    boolean marked =
        end - from >= 4 && (data[end - 2] & 0xff) == 0xff && (data[end - 1] & 0xff) == 0xd9;
    return marked ? end - from : UNKNOWN;
  }

  private Arrival tooLarge() {
    return Arrival.damaged("it is larger than " + maxPartBytes + " bytes");
  }

  // ---- Bytes.

  /** Offset of the next LF; unknown when there is none within a line's length. */
  private int lineEnd() throws IOException {
    for (int offset = 0; offset < MAX_LINE_BYTES; offset++) {
      if (offset >= to - from && !fill()) {
        return UNKNOWN;
      }
      if (data[from + offset] == '\n') {
        return offset;
      }
    }
    return UNKNOWN;
  }

  private String text(int bytes) {
    return new String(data, from, bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads what there is, at least one byte; false at the end. Offsets stay, indexes change. */
  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (to == data.length && from > 0) {
      System.arraycopy(data, from, data, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == data.length) {
      byte[] larger = new byte[Math.min(2 * data.length, maxPartBytes + 2 * READ_BYTES)];
      System.arraycopy(data, 0, larger, 0, to);
      data = larger;
    }
    int count = in.read(data, to, Math.min(READ_BYTES, data.length - to));
    ended = count < 0;
    to += Math.max(0, count);
    return !ended;
  }

  private static MediaException malformed(String why) {
    return new MediaException(Reason.MALFORMED, "This is no multipart body: " + why);
  }
}
