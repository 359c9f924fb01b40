package io.sightline.media.sound;

import io.sightline.media.MediaException;
import io.sightline.records.TrackInfo;

/** Decodes the sound of recorded fragments. */
public final class SoundDecoder {

  private SoundDecoder() {}

  /**
   * All samples of an audio track's fragments.
   *
   * @param track the audio track
   * @param init its init part
   * @param fragments its fragments ({@code moof} and {@code mdat}), one after the other
   * @return one array a channel, samples from -1 to 1
   */
  public static float[][] decode(TrackInfo track, byte[] init, byte[] fragments)
      throws MediaException {
    throw new MediaException(MediaException.Reason.UNSUPPORTED, "No sound can be decoded yet");
  }
}
