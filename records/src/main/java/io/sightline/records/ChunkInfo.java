package io.sightline.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * About two seconds of untouched encoded media. Whoever has this needs no look at the object to
 * build a playlist.
 *
 * @param durationMicros from its first to the end of its last picture (or sound, without pictures)
 * @param key object key; all fragments of the first track come first, then the next track's
 * @param sizeBytes of the object
 * @param capturedMicros wall clock when its last packet arrived
 */
public record ChunkInfo(
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    long durationMicros,
    long capturedMicros,
    String key,
    long sizeBytes,
    List<TrackInfo> tracks,
    List<Fragment> fragments)
    implements StreamItem {

  public ChunkInfo {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
    tracks = tracks == null ? List.of() : List.copyOf(tracks);
    fragments = fragments == null ? List.of() : List.copyOf(fragments);
    if (durationMicros < 0 || tracks.isEmpty() || fragments.isEmpty()) {
      throw new IllegalArgumentException("A chunk has a duration, tracks and fragments");
    }
    for (Fragment fragment : fragments) {
      if (Math.addExact(fragment.offset(), fragment.length()) > sizeBytes) {
        throw new IllegalArgumentException(
            "A fragment of chunk " + sequence + " reaches beyond its " + sizeBytes + " bytes");
      }
    }
  }

  public String id() {
    return Ids.chunk(stream, epoch, sequence);
  }

  public long endMicros() {
    return positionMicros + durationMicros;
  }

  @Override
  public Lane lane() {
    return Lane.CHUNKS;
  }

  /**
   * The same without the other sound tracks, for whoever wants one alone; empty when nothing is
   * left then.
   *
   * @param audioTrack 1-based among its sound tracks
   */
  public Optional<ChunkInfo> withSound(int audioTrack) {
    List<TrackInfo> left = new ArrayList<>();
    int sounds = 0;
    for (TrackInfo info : tracks) {
      if (info.kind() != TrackInfo.Kind.AUDIO || ++sounds == audioTrack) {
        left.add(info);
      }
    }
    Set<Integer> numbers = left.stream().map(TrackInfo::track).collect(Collectors.toSet());
    List<Fragment> kept =
        fragments.stream().filter(fragment -> numbers.contains(fragment.track())).toList();
    return kept.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ChunkInfo(
                stream,
                epoch,
                run,
                sequence,
                positionMicros,
                durationMicros,
                capturedMicros,
                key,
                sizeBytes,
                left,
                kept));
  }
}
