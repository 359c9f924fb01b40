package io.sightline.clipper;

import io.sightline.records.ChunkInfo;
import io.sightline.records.Segment;
import java.util.List;

/**
 * A clip that is to be made.
 *
 * @param id of the clip; objects made for it lie in {@code clips/{id}/}
 * @param segment closed, with the marks
 * @param chunks what is recorded from the last place at or before mark-in where a decoder can start
 *     up to mark-out, in order of position; at least one; they stay while the clip is being made
 */
public record ClipOrder(String id, Segment segment, List<ChunkInfo> chunks) {

  public ClipOrder {
    chunks = List.copyOf(chunks);
  }
}
