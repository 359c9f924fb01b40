package io.sightline.edgecapture;

import io.vertx.core.Future;
import java.time.Duration;

/** Sends what one stream's outbox holds, epoch after epoch, in order, for ever. */
interface Sink {

  /** There is something new in the outbox. Any thread. */
  void wake();

  /**
   * Sends what is left for at most {@code patience}, then closes. Any thread.
   *
   * @return completes when nothing is open any more
   */
  Future<Void> close(Duration patience);
}
