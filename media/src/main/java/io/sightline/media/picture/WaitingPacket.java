package io.sightline.media.picture;

import io.sightline.media.source.Packet;

/**
 * A packet that is not decoded yet.
 *
 * @param pts the time by which its picture is recognised
 */
record WaitingPacket(Packet packet, long pts) {

  boolean keyframe() {
    return packet.keyframe();
  }
}
