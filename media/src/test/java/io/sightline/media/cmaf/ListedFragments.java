package io.sightline.media.cmaf;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Fragment;
import java.util.List;

/** The fragments of one track of a chunk. */
final class ListedFragments {

  private ListedFragments() {}

  static List<Fragment> of(ChunkInfo chunk, int track) {
    return chunk.fragments().stream().filter(fragment -> fragment.track() == track).toList();
  }
}
