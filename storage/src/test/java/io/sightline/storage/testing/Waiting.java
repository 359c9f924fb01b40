package io.sightline.storage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.storage.StorageException;
import io.sightline.storage.StorageException.Reason;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;

/** Waits for futures on the thread of a test, with patience for a busy machine. */
public final class Waiting {

  static final int SECONDS = 60;

  private Waiting() {}

  public static <T> T await(Future<T> future) {
    try {
      return future.await(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Nothing came within " + SECONDS + " s", e);
    }
  }

  /** Waits for a failure of this kind, and returns it. */
  public static StorageException awaitFailure(Reason reason, Future<?> future) {
    Throwable failure = Assertions.catchThrowable(() -> await(future));
    assertThat(failure).isInstanceOf(StorageException.class);
    assertThat(((StorageException) failure).reason()).isEqualTo(reason);
    return (StorageException) failure;
  }

  static boolean isConflict(Throwable failure) {
    return failure instanceof StorageException storage && storage.reason() == Reason.CONFLICT;
  }
}
