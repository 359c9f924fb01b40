package io.sightline.segmenter;

/** What a person asked of a segment cannot be done, now or later; the message says why. */
final class EditException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EditException(String message) {
    super(message);
  }
}
