package io.sightline.records.plugin;

/**
 * A frame or a chunk that an analyzer could not work on; it is published with this as its error.
 */
public final class AnalysisException extends Exception {
  private static final long serialVersionUID = 1L;

  public AnalysisException(String message, Throwable cause) {
    super(message, cause);
  }

  public AnalysisException(String message) {
    super(message);
  }
}
