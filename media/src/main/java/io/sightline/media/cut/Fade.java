package io.sightline.media.cut;

import io.sightline.media.encode.Backdrop;

/**
 * How a clip comes out of a backdrop, or goes into it.
 *
 * @param name tells it from others in the keys of objects: names length and backdrop; {@code
 *     [a-z0-9-]}
 * @param micros how long, positive
 */
public record Fade(String name, long micros, Backdrop backdrop) {

  public Fade {
    if (micros <= 0) {
      throw new IllegalArgumentException("A fade takes some time, not " + micros + " us");
    }
  }

  /** The same, of this length. */
  Fade of(long otherMicros) {
    return new Fade(name, otherMicros, backdrop);
  }
}
