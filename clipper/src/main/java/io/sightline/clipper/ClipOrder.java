package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import java.util.List;

/**
 * A clip that is to be made; objects made for it lie in {@code clips/{id}/}.
 *
 * @param chunks what is recorded from the last place at or before mark-in where a decoder can start
 *     up to mark-out, in order of position, with the tracks that it is to have; at least one; they
 *     stay while the clip is being made
 * @param mayTakeLong false where others wait for it to be done
 */
public record ClipOrder(WantedClip clip, List<ChunkInfo> chunks, boolean mayTakeLong) {

  public ClipOrder {
    chunks = List.copyOf(chunks);
  }

  /** Of the clip. */
  public String id() {
    return clip.id();
  }
}
