package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a source is, found out by looking at its beginning.
 *
 * @param container FFmpeg's name of it
 * @param durationMicros -1 when unknown
 * @param gopMicros between the first keyframes of the first video track; -1 when fewer than two
 *     were seen
 */
public record Probe(
    String container,
    List<SourceTrack> tracks,
    long durationMicros,
    long gopMicros,
    Optional<Instant> creationTime) {

  private static final int MAX_PACKETS = 2_000;
  private static final int ENOUGH_KEYFRAMES = 4;
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  public Probe {
    tracks = List.copyOf(tracks);
  }

  /**
   * Opens, looks and closes. Blocks.
   *
   * @throws MediaException as {@link MediaSource#open}
   */
  public static Probe of(String url, SourceOptions options) throws MediaException {
    try (MediaSource source = MediaSource.open(url, options)) {
      return new Probe(
          source.container(),
          source.tracks(),
          source.durationMicros(),
          gop(source),
          source.creationTime());
    }
  }

  private static long gop(MediaSource source) throws MediaException {
    Optional<SourceTrack> video = source.tracks().stream().filter(SourceTrack::isVideo).findFirst();
    if (video.isEmpty()) {
      return -1;
    }
    long first = Packet.ABSENT;
    long last = Packet.ABSENT;
    int keyframes = 0;
    for (int i = 0; i < MAX_PACKETS && keyframes < ENOUGH_KEYFRAMES; i++) {
      Packet packet = nextOrEnd(source);
      if (packet == null) {
        break;
      }
      boolean counts =
          packet.track() == video.get().index()
              && packet.keyframe()
              && packet.pts() != Packet.ABSENT;
      if (counts) {
        first = keyframes == 0 ? packet.pts() : first;
        last = packet.pts();
        keyframes++;
      }
    }
    return keyframes < 2
        ? -1
        : Rational.rescale(last - first, video.get().timeBase(), MICROS) / (keyframes - 1);
  }

  private static Packet nextOrEnd(MediaSource source) throws MediaException {
    try {
      return source.next();
    } catch (MediaException e) {
      if (e.reason() == MediaException.Reason.INCOMPLETE) {
        return null;
      }
      throw e;
    }
  }
}
