package io.sightline.edgecapture.mjpeg;

import io.sightline.media.MediaException;

/** What a camera, or something like one, sends, one thing after the other. One thread. */
public interface Pictures extends AutoCloseable {

  /** A part or a picture that is larger is not taken. */
  int MAX_BYTES = 32 << 20;

  /** In a few words, for people. */
  String kind();

  /**
   * Blocks until something comes.
   *
   * @return null at a clean end
   */
  Arrival next() throws MediaException, InterruptedException;

  /** After a clean end: why, as a sentence. */
  default String ending() {
    return "the source ended";
  }

  @Override
  void close();
}
