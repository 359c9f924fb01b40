package io.sightline.segmenter;

import io.sightline.bus.BusException;
import io.sightline.bus.TransientException;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Does what follows from the records of a partition one after another, in their order. After a
 * failure that may pass nothing more is done: the partition goes back to its checkpoint, and doing
 * later steps first would count changes differently. Used by one thread.
 */
final class Steps {

  private Future<Void> last = Future.succeededFuture();

  /**
   * @return completes when the step and all before it are done; fails with {@link
   *     TransientException} when trying again may help
   */
  Future<Void> then(Supplier<Future<Void>> step) {
    Future<Void> done =
        last.compose(before -> step.get()).recover(e -> Future.failedFuture(told(e)));
    last =
        done.recover(
            e ->
                e instanceof TransientException
                    ? Future.failedFuture(e)
                    : Future.succeededFuture());
    return done;
  }

  private static Throwable told(Throwable failure) {
    return failure instanceof TransientException || lasts(failure) ? failure : passing(failure);
  }

  /** Whether trying again cannot help. */
  static boolean lasts(Throwable failure) {
    if (failure instanceof StorageException storage) {
      return storage.reason() == StorageException.Reason.INVALID
          || storage.reason() == StorageException.Reason.NOT_FOUND;
    }
    if (failure instanceof BusException bus) {
      return bus.reason() == BusException.Reason.REFUSED;
    }
    return !(failure instanceof TransientException);
  }

  private static TransientException passing(Throwable failure) {
    return new TransientException(failure.getMessage(), failure);
  }
}
