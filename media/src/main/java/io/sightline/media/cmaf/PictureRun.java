package io.sightline.media.cmaf;

import java.util.ArrayList;
import java.util.List;

/** The pictures of one chunk while they are collected: one list per GOP or part of one. */
final class PictureRun {

  private final List<List<TimedSample>> gops = new ArrayList<>();
  private long bytes;
  private long endTicks;

  void add(TimedSample sample) {
    if (gops.isEmpty() || sample.keyframe()) {
      gops.add(new ArrayList<>());
    }
    gops.get(gops.size() - 1).add(sample);
    bytes += sample.data().length;
    endTicks = sample.endTicks();
  }

  boolean isEmpty() {
    return gops.isEmpty();
  }

  List<List<TimedSample>> gops() {
    return gops;
  }

  long bytes() {
    return bytes;
  }

  /** Decode time of its first picture. */
  long startTicks() {
    return gops.get(0).get(0).decodeTicks();
  }

  /** Decode time after its last picture. */
  long endTicks() {
    return endTicks;
  }

  CodecConfig config() {
    return gops.get(0).get(0).config();
  }
}
