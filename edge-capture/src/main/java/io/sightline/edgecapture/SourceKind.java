package io.sightline.edgecapture;

/**
 * A kind of live source that stands apart from those that FFmpeg opens, known by the scheme of its
 * URLs: a cloud's. Found by {@link java.util.ServiceLoader}, so that capture works, without it,
 * when its package is taken away. Thread-safe.
 */
public interface SourceKind {

  /** Of its URLs, lower case, without the colon. */
  String scheme();

  /**
   * Looks at a URL as it was declared; opens nothing.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot work
   */
  void check(String url);

  /** For one input; opens nothing yet. */
  InputOpener opener(SourceRequest request);
}
