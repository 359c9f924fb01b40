package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A track of a chunk.
 *
 * @param track 1-based within the epoch
 * @param codec for {@code CODECS} of a playlist (RFC 6381): {@code avc1.64001f}, {@code mp4a.40.2}
 * @param initKey object key of its init part
 * @param timescale ticks per second of its times
 * @param reorderTicks the constant delay between decoding and presenting, in ticks; 0 for sound
 * @param width in pixels; 0 for sound
 * @param height in pixels; 0 for sound
 * @param frameRate pictures per second as declared; null when unknown or not video
 * @param sampleRate samples per second; 0 for pictures
 * @param channels of sound; 0 for pictures
 * @param language BCP 47 or ISO 639-2; null when the source does not say
 */
public record TrackInfo(
    int track,
    Kind kind,
    String codec,
    String initKey,
    int timescale,
    long reorderTicks,
    int width,
    int height,
    Rational frameRate,
    int sampleRate,
    int channels,
    String language) {

  /** What a track holds. */
  public enum Kind {
    @JsonProperty("video")
    VIDEO,
    @JsonProperty("audio")
    AUDIO
  }

  public TrackInfo {
    if (track < 1 || timescale < 1 || kind == null || codec == null || initKey == null) {
      throw new IllegalArgumentException(
          "A track has a number, a kind, a codec, an init part and a timescale");
    }
  }
}
