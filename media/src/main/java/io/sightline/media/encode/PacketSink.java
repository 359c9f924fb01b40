package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;

/** Takes what was encoded. */
public interface PacketSink {

  /**
   * @param packet has its own bytes
   */
  void accept(Packet packet) throws MediaException;
}
