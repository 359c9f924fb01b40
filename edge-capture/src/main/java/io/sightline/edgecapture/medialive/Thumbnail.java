package io.sightline.edgecapture.medialive;

import java.time.Instant;
import java.util.Base64;

/**
 * A picture as MediaLive gives it.
 *
 * @param time when it was taken; null when that is not said
 * @param type of its content, such as {@code image/jpeg}; null when that is not said
 * @param body in Base64
 */
record Thumbnail(Instant time, String type, String body) {

  boolean isJpeg() {
    return type == null
        || type.equalsIgnoreCase("image/jpeg")
        || type.equalsIgnoreCase("image/jpg");
  }

  /** Whether it is another picture than that one. */
  boolean isOtherThan(Thumbnail before) {
    return before == null || (time == null ? !body.equals(before.body) : !time.equals(before.time));
  }

  /**
   * The picture itself.
   *
   * @throws IllegalArgumentException when it is not Base64
   */
  byte[] bytes() {
    return Base64.getMimeDecoder().decode(body);
  }
}
