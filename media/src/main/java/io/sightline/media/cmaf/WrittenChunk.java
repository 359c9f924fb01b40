package io.sightline.media.cmaf;

import io.sightline.records.Fragment;
import io.sightline.records.TrackInfo;
import java.util.List;

/**
 * About two seconds of encoded media, to be stored and announced; whoever sends it gives it key and
 * sequence.
 *
 * @param positionMicros of its first picture (or sound, without pictures)
 * @param durationMicros to the end of its last picture (or sound, without pictures)
 * @param content the object: all fragments of the first track, then the next track's; not copied
 * @param tracks those known so far in the epoch
 * @param fragments where they lie in the content
 */
public record WrittenChunk(
    long positionMicros,
    long durationMicros,
    byte[] content,
    List<TrackInfo> tracks,
    List<Fragment> fragments) {

  public WrittenChunk {
    tracks = List.copyOf(tracks);
    fragments = List.copyOf(fragments);
  }
}
