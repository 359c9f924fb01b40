package io.sightline.ingestgateway;

import io.sightline.media.MediaException;
import io.sightline.records.ClipIndex;
import io.sightline.records.JobEstimate;

/** What the installation has whole replays encoded by, as far as the door needs to know it. */
@FunctionalInterface
public interface ReplayEncoding {

  /**
   * What it would cost, roughly. Asks nobody and does not block.
   *
   * @param reel of a replay
   * @throws MediaException with a sentence, when it cannot be encoded
   */
  JobEstimate estimate(ClipIndex reel) throws MediaException;
}
