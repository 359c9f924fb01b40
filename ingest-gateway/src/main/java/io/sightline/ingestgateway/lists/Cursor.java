package io.sightline.ingestgateway.lists;

import io.sightline.ingestgateway.web.Problem;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Base64;

/**
 * Where a list goes on. Opaque to clients; whatever they send is only ever used as a bound within
 * what they may see.
 *
 * @param day of the day partition; null in lists of one partition
 * @param bound sort key below (or, in ascending lists, from) which the next page lies; null for the
 *     end of the day
 */
record Cursor(LocalDate day, String bound) {

  private static final int MAX_LENGTH = 1000;

  static Cursor below(String bound) {
    return new Cursor(null, bound);
  }

  String encode() {
    String text = (day == null ? "" : day) + "|" + (bound == null ? "" : bound);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * @return null for null
   * @throws Problem 400 when it is no cursor of ours
   */
  static Cursor decode(String text) {
    if (text == null) {
      return null;
    }
    try {
      if (text.length() > MAX_LENGTH) {
        throw invalid();
      }
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
      int split = plain.indexOf('|');
      if (split < 0) {
        throw invalid();
      }
      String day = plain.substring(0, split);
      String bound = plain.substring(split + 1);
      if (!bound.isEmpty() && !bound.matches("[\\x21-\\x7e]{1,500}")) {
        throw invalid();
      }
      return new Cursor(
          day.isEmpty() ? null : LocalDate.parse(day), bound.isEmpty() ? null : bound);
    } catch (IllegalArgumentException | DateTimeParseException e) {
      throw invalid();
    }
  }

  private static Problem invalid() {
    return Problem.of(400, "'cursor' must be the 'next' of the page before.");
  }
}
