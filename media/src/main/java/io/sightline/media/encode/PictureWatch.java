package io.sightline.media.encode;

/** Sees pictures as they are decoded, in order of show. */
@FunctionalInterface
public interface PictureWatch {

  PictureWatch NONE = look -> {};

  void saw(PictureLook look);
}
