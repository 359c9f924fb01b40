package io.sightline.media.render;

import io.sightline.records.Point;

/** Which part of the pictures is seen where not all of it is. */
@FunctionalInterface
public interface CropPath {

  /** Always the middle. */
  CropPath MIDDLE = position -> new Point(0.5, 0.5);

  /**
   * Where the middle of what is seen should lie, in the picture as it is shown; it stays within the
   * picture, however far out that is. Asked once for each picture, in order of show.
   */
  Point centreAt(long positionMicros);
}
