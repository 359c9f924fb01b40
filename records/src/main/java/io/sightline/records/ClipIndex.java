package io.sightline.records;

import java.util.List;

/**
 * The media of a clip, as byte ranges of recorded chunks and of pieces made for it. Stored as the
 * object that {@link Clip#indexKey()} names.
 *
 * @param clip id of the clip
 * @param tracks one init part per track for the whole clip
 * @param reorderMicros the constant delay between decoding and presenting of its pictures
 * @param pieces in order of play, all tracks interleaved by time
 */
public record ClipIndex(
    String clip, List<TrackInfo> tracks, long reorderMicros, List<Piece> pieces) {

  /**
   * One fragment of the clip.
   *
   * @param track the clip's track it belongs to
   * @param key object that holds it
   * @param offset of its {@code moof} in the object
   * @param length of {@code moof} and {@code mdat}
   * @param positionMicros presentation position of its earliest sample in the stream
   * @param decodeTicks its recorded {@code tfdt}
   * @param clipTicks when its first sample is decoded in the clip, in the track's timescale, where
   *     the clip's first picture is presented at {@code reorderTicks}
   * @param durationTicks sum of its sample durations
   * @param independent whether a decoder can start with it
   */
  public record Piece(
      int track,
      String key,
      long offset,
      long length,
      long positionMicros,
      long decodeTicks,
      long clipTicks,
      long durationTicks,
      boolean independent) {}

  public ClipIndex {
    tracks = List.copyOf(tracks);
    pieces = List.copyOf(pieces);
  }
}
