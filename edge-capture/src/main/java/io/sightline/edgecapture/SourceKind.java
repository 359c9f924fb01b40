package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A kind of live source that stands apart from those that FFmpeg opens, known by the scheme of its
 * URLs: a cloud's. Found by {@link java.util.ServiceLoader}, so that capture works, without it,
 * when its package is taken away. Thread-safe.
 */
public interface SourceKind {

  /** Of its URLs, lower case, without the colon. */
  String scheme();

  /**
   * Looks at a URL as it was declared; opens nothing.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot work
   */
  void check(String url);

  /** For one input; opens nothing yet. */
  InputOpener opener(SourceRequest request);

  /** Whether what it delivers comes in pieces, between which silence is no fault. */
  default boolean inPieces() {
    return false;
  }

  /**
   * Opens it once, for a look that takes nothing from it. Blocks.
   *
   * @throws MediaException also when there is nothing to look at
   */
  default PacketSource look(SourceRequest request) throws MediaException, InterruptedException {
    AtomicReference<String> waiting = new AtomicReference<>();
    try (InputOpener opener = opener(request)) {
      return opener.open(() -> waiting.get() != null, waiting::set);
    } catch (MediaException e) {
      if (waiting.get() == null) {
        throw e;
      }
      // A look does not wait.
      throw new MediaException(MediaException.Reason.UNAVAILABLE, waiting.get(), e);
    }
  }
}
