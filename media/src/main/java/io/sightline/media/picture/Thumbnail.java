package io.sightline.media.picture;

import io.sightline.media.MediaException;

/** A small picture that stands for a clip. */
public final class Thumbnail {

  private Thumbnail() {}

  /**
   * The first picture of a fragment, as JPEG.
   *
   * @param init init part of the video track
   * @param fragment {@code moof} and {@code mdat} that begin with a keyframe
   * @param maxWidth in pixels
   */
  public static byte[] of(byte[] init, byte[] fragment, int maxWidth) throws MediaException {
    throw new MediaException(MediaException.Reason.UNSUPPORTED, "No thumbnail can be made yet");
  }
}
