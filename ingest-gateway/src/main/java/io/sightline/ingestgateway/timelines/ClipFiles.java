package io.sightline.ingestgateway.timelines;

import io.sightline.records.Clip;

/** Where whoever gets a timeline finds the clips that it names. */
@FunctionalInterface
public interface ClipFiles {

  /**
   * A clip's file.
   *
   * @param url null when it cannot be opened
   */
  record File(String name, String url) {}

  File of(Clip clip);
}
