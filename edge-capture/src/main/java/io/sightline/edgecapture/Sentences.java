package io.sightline.edgecapture;

/** Texts from elsewhere, made fit for a log line and a status page. */
final class Sentences {

  private static final int MAX_LENGTH = 300;

  private Sentences() {}

  /** On one line, without control characters, of bounded length. */
  static String clean(String text) {
    if (text == null) {
      return "";
    }
    String shortened = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return shortened.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  /** What an exception says, or at least what it is. */
  static String of(Throwable failure) {
    String message = clean(failure.getMessage());
    return message.isEmpty() ? failure.getClass().getSimpleName() : message;
  }
}
