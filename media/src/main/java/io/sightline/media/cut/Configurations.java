package io.sightline.media.cut;

import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.List;

/** Collects what the pieces of a clip or reel were recorded with; not thread-safe. */
final class Configurations {

  private final List<TrackInfo> entries = new ArrayList<>();

  /** The entry's index; recordings that equal one another in all that matters share one. */
  int indexOf(TrackInfo info, int track) {
    for (int index = 0; index < entries.size(); index++) {
      TrackInfo entry = entries.get(index);
      if (entry.track() == track && same(entry, info)) {
        return index;
      }
    }
    entries.add(
        new TrackInfo(
            track,
            info.kind(),
            info.codec(),
            info.initKey(),
            info.timescale(),
            info.reorderTicks(),
            info.width(),
            info.height(),
            info.frameRate(),
            info.sampleRate(),
            info.channels(),
            info.language()));
    return entries.size() - 1;
  }

  /** What a piece names: null for the first entry of its track. */
  Integer nameOf(int index) {
    return entries.get(index) == lead(entries.get(index).track()) ? null : index;
  }

  /** The first entry of a track; null when it has none. */
  TrackInfo lead(int track) {
    for (TrackInfo entry : entries) {
      if (entry.track() == track) {
        return entry;
      }
    }
    return null;
  }

  List<TrackInfo> entries() {
    return entries;
  }

  private static boolean same(TrackInfo one, TrackInfo other) {
    return digest(one).equals(digest(other))
        && one.timescale() == other.timescale()
        && one.reorderTicks() == other.reorderTicks();
  }

  /** Init parts are named by a digest of their content: equal names are equal bytes. */
  private static String digest(TrackInfo info) {
    String key = info.initKey();
    return key.substring(Math.max(key.lastIndexOf('-'), key.lastIndexOf('/')) + 1);
  }
}
