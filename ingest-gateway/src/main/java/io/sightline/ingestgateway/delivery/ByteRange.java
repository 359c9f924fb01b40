package io.sightline.ingestgateway.delivery;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a file that a request asks for (RFC 9110, section 14). Several ranges at once are
 * answered with the whole file, which the standard allows.
 *
 * @param offset of the first byte
 * @param length in bytes
 */
record ByteRange(long offset, long length) {

  private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** What a Range header means for a file. */
  record Asked(Optional<ByteRange> range, boolean satisfiable) {}

  /**
   * @param header null when there is none
   */
  static Asked of(String header, long size) {
    Asked all = new Asked(Optional.empty(), true);
    if (header == null) {
      return all;
    }
    Matcher matcher = ONE.matcher(header.replace(" ", ""));
    if (!matcher.matches()) {
      return all;
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty() && last.isEmpty()) {
      return all;
    }
    if (first.isEmpty()) {
      long suffix = Math.min(Long.parseLong(last), size);
      return suffix == 0 ? none() : some(size - suffix, suffix);
    }
    long from = Long.parseLong(first);
    if (!last.isEmpty() && Long.parseLong(last) < from) {
      return all;
    }
    if (from >= size) {
      return none();
    }
    long to = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
    return some(from, to - from + 1);
  }

  private static Asked some(long offset, long length) {
    return new Asked(Optional.of(new ByteRange(offset, length)), true);
  }

  private static Asked none() {
    return new Asked(Optional.empty(), false);
  }

  String contentRange(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }
}
