package io.sightline.bench.stages;

import java.util.List;

/** As much of a playlist as is needed here. */
final class Playlist {

  private Playlist() {}

  /** The files that it names as entries, in order. */
  static List<String> lines(String playlist) {
    return playlist.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
  }
}
