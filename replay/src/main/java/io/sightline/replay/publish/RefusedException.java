package io.sightline.replay.publish;

import java.io.IOException;

/** A target does not take what is published, and will not later; the message says why. */
final class RefusedException extends IOException {

  private static final long serialVersionUID = 1L;

  RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
