package io.sightline.alerter.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {

  private static final long LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

  private RetryAfter() {}

  /**
   * @param date of the answer, by which a date in {@code Retry-After} is understood, so that the
   *     receiver's clock need not be ours; null when it has none
   * @return how long to wait; empty when the header is absent or not understood
   */
  static Optional<Duration> parse(String retryAfter, String date) {
    if (retryAfter == null) {
      return Optional.empty();
    }
    String value = retryAfter.strip();
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Math.min(LONGEST_SECONDS, Long.parseLong(value))));
    }
    try {
      Duration pause =
          Duration.between(date == null ? Instant.now() : instant(date), instant(value));
      return pause.isNegative()
          ? Optional.of(Duration.ZERO)
          : Optional.of(Duration.ofSeconds(Math.min(LONGEST_SECONDS, pause.toSeconds())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Instant instant(String httpDate) {
    return ZonedDateTime.parse(httpDate.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }
}
