package io.sightline.media.timeline;

import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a source's pictures and sound are like.
 *
 * @param rate pictures a second; null when the source does not say
 * @param width in pixels; 0 when unknown
 * @param height in pixels; 0 when unknown
 * @param audioChannels channels of each audio track; empty for no sound
 * @param sampleRate samples a second; 0 without sound
 */
public record SourceForm(
    Rational rate, int width, int height, List<Integer> audioChannels, int sampleRate) {

  /** Of which nothing is known. */
  public static final SourceForm UNKNOWN = new SourceForm(null, 0, 0, List.of(), 0);

  private static final List<Rational> STANDARD_RATES =
      List.of(
          new Rational(24_000, 1001),
          new Rational(24, 1),
          new Rational(25, 1),
          new Rational(30_000, 1001),
          new Rational(30, 1),
          new Rational(48_000, 1001),
          new Rational(48, 1),
          new Rational(50, 1),
          new Rational(60_000, 1001),
          new Rational(60, 1));

  /** Closer than any two of them are to each other. */
  private static final double TOLERANCE = 1e-4;

  public SourceForm {
    audioChannels = List.copyOf(audioChannels);
    rate = rate == null || rate.numerator() == 0 ? null : standard(rate);
  }

  /** Of recorded tracks; of a track that changed on its way, what it began as. */
  public static SourceForm of(List<TrackInfo> tracks) {
    TreeMap<Integer, TrackInfo> first = new TreeMap<>();
    tracks.forEach(track -> first.putIfAbsent(track.track(), track));
    TrackInfo video = null;
    List<Integer> channels = new ArrayList<>();
    int sampleRate = 0;
    for (TrackInfo track : first.values()) {
      if (track.kind() == TrackInfo.Kind.VIDEO) {
        video = video == null ? track : video;
      } else if (track.channels() > 0) {
        channels.add(Math.min(track.channels(), TimelineSource.MAX_CHANNELS));
        sampleRate = sampleRate == 0 ? track.sampleRate() : sampleRate;
      }
    }
    return video == null
        ? new SourceForm(null, 0, 0, channels, sampleRate)
        : new SourceForm(video.frameRate(), video.width(), video.height(), channels, sampleRate);
  }

  /** Some say 29.97 and mean 30000/1001, which no editor takes for the same. */
  private static Rational standard(Rational rate) {
    for (Rational standard : STANDARD_RATES) {
      if (Math.abs(rate.toDouble() / standard.toDouble() - 1) < TOLERANCE) {
        return standard;
      }
    }
    return rate;
  }
}
