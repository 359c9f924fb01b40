package io.sightline.clipper.mediaconvert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Of pictures, in pixels; both are even. */
record PictureSize(int width, int height) {

  PictureSize {
    width = even(width);
    height = even(height);
  }

  /** The shorter side. */
  int lines() {
    return Math.min(width, height);
  }

  /** As people name it: {@code 720p}. */
  String name() {
    return lines() + "p";
  }

  long pixels() {
    return (long) width * height;
  }

  /**
   * This one, and those of the same shape below it, the largest first.
   *
   * @param lines shorter sides; those not below this one are passed over
   */
  List<PictureSize> ladder(List<Integer> lines) {
    List<PictureSize> sizes = new ArrayList<>(List.of(this));
    lines.stream()
        .distinct()
        .filter(one -> one < lines())
        .sorted(Comparator.reverseOrder())
        .map(this::scaled)
        .forEach(sizes::add);
    return sizes;
  }

  private PictureSize scaled(int shorter) {
    int longer = (int) Math.round((double) shorter * Math.max(width, height) / lines());
    return width < height ? new PictureSize(shorter, longer) : new PictureSize(longer, shorter);
  }

  private static int even(int pixels) {
    return Math.max(2, pixels + pixels % 2);
  }
}
