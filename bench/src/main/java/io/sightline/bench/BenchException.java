package io.sightline.bench;

/** A claim could not be measured; the message says why. */
public final class BenchException extends Exception {

  private static final long serialVersionUID = 1;

  public BenchException(String message) {
    super(message);
  }
}
