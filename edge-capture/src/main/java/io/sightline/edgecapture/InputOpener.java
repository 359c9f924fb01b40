package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Opens one live input, as often as it is asked to. Used by one thread. */
interface InputOpener {

  /**
   * Blocks until the input delivers.
   *
   * @param stop asked often; once it answers true, opening and reading end
   * @param waiting told, with a sentence, that the input is well but there is nobody to read from
   */
  PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException;
}
