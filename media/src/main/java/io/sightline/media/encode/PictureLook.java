package io.sightline.media.encode;

import io.sightline.media.picture.BrightnessGrid;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * What a decoded picture looks like, coarsely: enough to tell whether two are the same.
 *
 * @param ticks presentation time in the track's time base
 */
public record PictureLook(long ticks, BrightnessGrid grid) {

  /** Mean difference of the cells, of 255, that coding well may make. */
  private static final double ALIKE = 4;

  static PictureLook of(AVFrame picture) {
    return new PictureLook(TrackDecoder.ticks(picture), BrightnessGrid.of(picture));
  }

  /** Whether both show the same, as far as coding it once more may change it. */
  public boolean like(PictureLook other) {
    return grid.distance(other.grid) <= ALIKE;
  }
}
