package io.sightline.records;

import java.util.ArrayList;
import java.util.List;

/**
 * The media of a clip or of a replay, as byte ranges of recorded chunks and of pieces made for it.
 * Stored as the object that {@link Clip#indexKey()} names.
 *
 * @param clip id of the clip
 * @param tracks one per codec configuration as it was recorded: most often one entry per track.
 *     Where the recordings of a track differ, further entries have the same track number, and the
 *     first one's timescale is that of the whole track
 * @param reorderMicros the constant delay between decoding and presenting of its pictures: the
 *     largest of its recordings'
 * @param pieces in order of play, all tracks interleaved by time
 */
public record ClipIndex(
    String clip, List<TrackInfo> tracks, long reorderMicros, List<Piece> pieces) {

  /**
   * One fragment of the clip, or those of its samples that are decoded from {@code decodeTicks} on.
   *
   * @param track the clip's track it belongs to
   * @param key object that holds it
   * @param offset of its {@code moof} in the object
   * @param length of {@code moof} and {@code mdat}
   * @param positionMicros presentation position of its earliest sample in the stream
   * @param decodeTicks its recorded {@code tfdt}, in the recorded timescale; when it is larger than
   *     what the fragment says, the samples before it are left out
   * @param clipTicks when its first sample is decoded in the clip, in the track's timescale, where
   *     the clip's first picture is presented at {@code reorderTicks}
   * @param durationTicks sum of its sample durations, in the track's timescale
   * @param independent whether a decoder can start with it
   * @param configuration index in {@code tracks} of what it was recorded with; null for the first
   *     entry of its track
   * @param begins true when a media segment begins with it, whatever comes before: what follows may
   *     still change, and what is before it not; null where that is as it was recorded
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
      boolean independent,
      Integer configuration,
      Boolean begins) {

    public Piece(
        int track,
        String key,
        long offset,
        long length,
        long positionMicros,
        long decodeTicks,
        long clipTicks,
        long durationTicks,
        boolean independent,
        Integer configuration) {
      this(
          track,
          key,
          offset,
          length,
          positionMicros,
          decodeTicks,
          clipTicks,
          durationTicks,
          independent,
          configuration,
          null);
    }

    public Piece(
        int track,
        String key,
        long offset,
        long length,
        long positionMicros,
        long decodeTicks,
        long clipTicks,
        long durationTicks,
        boolean independent) {
      this(
          track,
          key,
          offset,
          length,
          positionMicros,
          decodeTicks,
          clipTicks,
          durationTicks,
          independent,
          null);
    }

    /** The same piece, recorded with another entry of the tracks. */
    public Piece as(Integer otherConfiguration) {
      return new Piece(
          track,
          key,
          offset,
          length,
          positionMicros,
          decodeTicks,
          clipTicks,
          durationTicks,
          independent,
          otherConfiguration,
          begins);
    }

    /** The same piece, with which a media segment begins. */
    public Piece beginning() {
      return new Piece(
          track,
          key,
          offset,
          length,
          positionMicros,
          decodeTicks,
          clipTicks,
          durationTicks,
          independent,
          configuration,
          true);
    }
  }

  public ClipIndex {
    tracks = tracks == null ? List.of() : List.copyOf(tracks);
    pieces = pieces == null ? List.of() : List.copyOf(pieces);
  }

  /** The numbers of its sound tracks, in order. */
  public List<Integer> soundTracks() {
    return tracks.stream()
        .filter(info -> info.kind() == TrackInfo.Kind.AUDIO)
        .map(TrackInfo::track)
        .distinct()
        .toList();
  }

  /**
   * The same with one sound track alone. One that has no more is the same: so is an optimized clip,
   * whichever track that has.
   *
   * @param audioTrack 1-based among its sound tracks; where it has fewer, its first is left
   */
  public ClipIndex withSound(int audioTrack) {
    List<Integer> sounds = soundTracks();
    if (sounds.size() < 2) {
      return this;
    }
    int wanted = sounds.get(audioTrack <= sounds.size() ? audioTrack - 1 : 0);
    List<TrackInfo> left = new ArrayList<>();
    List<Integer> placeOf = new ArrayList<>();
    for (TrackInfo info : tracks) {
      boolean stays = info.kind() != TrackInfo.Kind.AUDIO || info.track() == wanted;
      placeOf.add(stays ? left.size() : null);
      if (stays) {
        left.add(info);
      }
    }
    List<Piece> played =
        pieces.stream()
            .filter(piece -> !sounds.contains(piece.track()) || piece.track() == wanted)
            .map(
                piece ->
                    piece.configuration() == null
                        ? piece
                        : piece.as(placeOf.get(piece.configuration())))
            .toList();
    return new ClipIndex(clip, left, reorderMicros, played);
  }
}
