package io.sightline.analyzer;

import io.sightline.records.FrameInfo;
import io.sightline.records.plugin.Picture;

/** Pictures of made-up brightness. */
public final class PictureOf {

  private PictureOf() {}

  public static Picture luma(byte[] luma, int width, int height, int frame, int perSecond) {
    long position = 1_700_000_000_000_000L + frame * 1_000_000L / perSecond;
    FrameInfo info =
        new FrameInfo("lobby", "e", "live", frame, position, 0, width, height, 1, false);
    return new Picture() {
      @Override
      public FrameInfo info() {
        return info;
      }

      @Override
      public byte[] jpeg() {
        throw new UnsupportedOperationException("There is no JPEG of a drawn picture");
      }

      @Override
      public int width() {
        return width;
      }

      @Override
      public int height() {
        return height;
      }

      @Override
      public byte[] luma() {
        return luma;
      }

      @Override
      public byte[] bgr(int toWidth, int toHeight) {
        throw new UnsupportedOperationException("A drawn picture has no colours");
      }
    };
  }
}
