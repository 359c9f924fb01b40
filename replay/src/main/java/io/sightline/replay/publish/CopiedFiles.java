package io.sightline.replay.publish;

import io.sightline.records.Progress;

/** Tells how many files of a replay are copied: media and MP4s, which take long. One thread. */
final class CopiedFiles {

  private final Progress progress;
  private final int all;
  private int copied;

  /**
   * @param all how many there are to be
   */
  CopiedFiles(Progress progress, int all) {
    this.progress = progress;
    this.all = all;
  }

  /** One more is there. */
  void next() {
    copied++;
    progress.at("publishing: " + copied + " of " + all + " files", copied / (double) all);
  }
}
