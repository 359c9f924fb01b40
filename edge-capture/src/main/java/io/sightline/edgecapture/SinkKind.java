package io.sightline.edgecapture;

/**
 * A kind of place that an agent can send frames to instead of a gateway, known by the scheme of its
 * URLs: a cloud's. Found by {@link java.util.ServiceLoader}, so that capture works, without it,
 * when its package is taken away. Thread-safe.
 */
public interface SinkKind {

  /** Of its URLs, lower case, without the colon. */
  String scheme();

  /** A URL of its kind, for people. */
  String example();

  /**
   * Looks at a URL; connects to nothing yet.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot work
   */
  BatchService service(String url);
}
