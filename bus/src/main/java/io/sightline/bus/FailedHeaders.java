package io.sightline.bus;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What is added to a record that is set aside, and taken off again when it is retried. */
final class FailedHeaders {

  static final String PREFIX = "failed-";
  static final String STAGE = PREFIX + "stage";
  static final String REASON = PREFIX + "reason";
  static final String ATTEMPTS = PREFIX + "attempts";
  static final String TOPIC = PREFIX + "topic";
  static final String PARTITION = PREFIX + "partition";
  static final String OFFSET = PREFIX + "offset";
  static final String TIMESTAMP = PREFIX + "timestamp";

  /** On a record that was set aside and is tried again: how often it was tried before. */
  static final String RETRIED = "retried";

  private static final int MAX_REASON = 1_000;

  private FailedHeaders() {}

  static byte[] of(Object value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] value) {
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  /** A number from outside; 0 when it is none. */
  static long number(byte[] value) {
    String text = text(value);
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  static String reason(Throwable failure) {
    String message = failure.getMessage();
    String reason =
        message == null || message.isBlank()
            ? failure.getClass().getSimpleName()
            : failure instanceof RuntimeException && failure.getClass().getName().startsWith("io.")
                ? message
                : failure.getClass().getSimpleName() + ": " + message;
    reason = reason.replaceAll("\\s+", " ").strip();
    return reason.length() <= MAX_REASON
        ? reason
        : String.format(Locale.ROOT, "%s…", reason.substring(0, MAX_REASON - 1));
  }
}
