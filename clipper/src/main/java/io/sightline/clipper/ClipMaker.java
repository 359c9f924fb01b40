package io.sightline.clipper;

import io.sightline.media.MediaException;
import io.sightline.records.Progress;
import io.sightline.storage.ObjectStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CancellationException;

/** Makes clips of what was recorded: here, or by a service. Thread-safe. */
public interface ClipMaker {

  /** Opens a maker when the clipper starts. */
  interface Opener {

    /** Does not block; the maker is closed when the clipper stops. */
    ClipMaker open(Vertx vertx, ObjectStore objects, ClipperConfig config);
  }

  /** The one that cuts here, on the thread that asks for it. */
  static ClipMaker local(Vertx vertx, ObjectStore objects, ClipperConfig config) {
    return new LocalMaker(vertx, objects, config);
  }

  /**
   * Makes a clip. To be called again for the same clip after a kill: what was begun is gone on
   * with, and what was stored is stored again under the same keys. May block.
   *
   * @param progress is told how far it has come
   * @return completes on a thread that may be blocked, once all that belongs to the clip is stored.
   *     Fails with a {@link MediaException} when no clip can come of it, with {@link
   *     CancellationException} when it was cancelled, with {@link TakesLongException} where it
   *     turns out to take long and {@link ClipOrder#mayTakeLong} is false; anything else may pass
   */
  Future<ClipMedia> make(ClipOrder order, Progress progress);

  /**
   * Ends the making of a clip that nobody wants any more, as well as it can; nothing when it is not
   * being made.
   *
   * @return completes when that is done, and never fails
   */
  default Future<Void> cancel(String clip) {
    return Future.succeededFuture();
  }

  /** How many clips it makes at once, at least two: one of them may take long. */
  int atOnce();

  /** Whether it is known before that others should not wait for a clip. */
  default boolean takesLong(WantedClip clip) {
    return false;
  }

  /** Gives up what is being made, to go on with it another time. May block for seconds. */
  default void close() {}
}
