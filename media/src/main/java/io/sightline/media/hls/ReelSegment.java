package io.sightline.media.hls;

import io.sightline.records.ClipIndex;
import java.util.List;

/**
 * A media segment of a clip or replay: some of its pieces, fetched together.
 *
 * @param name its file name: {@code seg-{track}-{i}.m4s}
 * @param init file name of its init part
 * @param durationMicros of play
 * @param independent whether a decoder can start with it
 */
public record ReelSegment(
    String name,
    String init,
    int track,
    List<ClipIndex.Piece> pieces,
    long durationMicros,
    boolean independent) {

  public ReelSegment {
    pieces = List.copyOf(pieces);
  }
}
