package io.sightline.edgecapture.mjpeg;

import java.nio.ByteBuffer;

/**
 * What came from a camera: something that should be a picture, or why it is none, or nothing new
 * when both are null.
 *
 * @param bytes borrowed until the next is asked for
 * @param damage ends the sentence "A picture was left out: ..."
 */
public record Arrival(ByteBuffer bytes, String damage) {

  public static final Arrival NOTHING_NEW = new Arrival(null, null);

  public static Arrival picture(ByteBuffer bytes) {
    return new Arrival(bytes, null);
  }

  public static Arrival damaged(String why) {
    return new Arrival(null, why);
  }
}
