package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Opens one live input, as often as it is asked to. Used by one thread. */
public interface InputOpener extends AutoCloseable {

  /**
   * Blocks until the input delivers.
   *
   * @param stop asked often; once it answers true, opening and reading end
   * @param waiting told, with a sentence, that the input is well but there is nobody to read from
   * @return null when there is nothing more to open, ever
   */
  PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException;

  /** Whether more follows at once after a clean end. */
  default boolean goesOn() {
    return false;
  }

  /** Nothing more will be opened. */
  @Override
  default void close() {}
}
