package io.sightline.replay;

import io.sightline.storage.Lease;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done now and then about the parts of replays: each process says that it wants its files,
 * and one of them deletes what nobody uses. Blocking; one call at a time.
 */
final class PartKeeping implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(PartKeeping.class);
  private static final long TIMEOUT_SECONDS = 60;

  private final StoredFiles files;
  private final PartRemoval removal;
  private final Lease lease;

  PartKeeping(StoredFiles files, PartRemoval removal, Lease lease) {
    this.files = files;
    this.removal = removal;
    this.lease = lease;
  }

  @Override
  public void run() {
    try {
      files.store();
      if (lease.claim().await(TIMEOUT_SECONDS, TimeUnit.SECONDS).isPresent()) {
        removal.look();
      }
    } catch (IOException | TimeoutException | RuntimeException e) {
      // Whatever it is: without this, nothing would be looked after any more.
      LOG.warn("Parts of replays are looked after later: {}", e.getMessage());
    }
  }
}
