package io.sightline.media.source;

import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;

/**
 * A track of a source. Holds no native memory, so it outlives the source.
 *
 * @param index names the track within its source; 0-based
 * @param codec FFmpeg's name: {@code h264}, {@code hevc}, {@code mjpeg}, {@code aac}, {@code opus}
 * @param timeBase seconds per unit of its packets' times
 * @param width in pixels as coded, before rotation; 0 for sound
 * @param height in pixels as coded, before rotation; 0 for sound
 * @param frameRate pictures per second as declared or estimated; null when unknown or sound
 * @param sampleAspect width over height of one pixel; 1/1 when square or unknown
 * @param rotation degrees by which a player turns the picture clockwise: 0, 90, 180 or 270
 * @param sampleRate samples per second; 0 for pictures
 * @param channels of sound; 0 for pictures
 * @param language as the container says it, mostly ISO 639-2; null when it does not
 * @param parameters everything else that a decoder or a muxer needs
 */
public record SourceTrack(
    int index,
    TrackInfo.Kind kind,
    String codec,
    Rational timeBase,
    int width,
    int height,
    Rational frameRate,
    Rational sampleAspect,
    int rotation,
    int sampleRate,
    int channels,
    String language,
    CodecParameters parameters) {

  /** Larger pictures are refused. */
  public static final int MAX_DIMENSION = 8192;

  public SourceTrack {
    if (index < 0 || kind == null || codec == null || timeBase == null || parameters == null) {
      throw new IllegalArgumentException(
          "A track has an index, a kind, a codec, a time base and codec parameters");
    }
    if (width < 0 || height < 0 || width > MAX_DIMENSION || height > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "Pictures measure up to "
              + MAX_DIMENSION
              + " pixels a side, not "
              + width
              + "x"
              + height);
    }
    if (rotation % 90 != 0 || rotation < 0 || rotation >= 360) {
      throw new IllegalArgumentException("A rotation is 0, 90, 180 or 270, not " + rotation);
    }
    sampleAspect = sampleAspect == null ? new Rational(1, 1) : sampleAspect;
  }

  public boolean isVideo() {
    return kind == TrackInfo.Kind.VIDEO;
  }

  public boolean isAudio() {
    return kind == TrackInfo.Kind.AUDIO;
  }

  /**
   * The codec's own header. H.264 and HEVC: when its first byte is 1 it is an {@code avcC} or
   * {@code hvcC} and packets hold length-prefixed units, otherwise both are Annex B byte streams.
   * AAC: an AudioSpecificConfig, and packets are raw (no ADTS), whatever the container.
   */
  public byte[] extradata() {
    return parameters.extradata();
  }

  /** How many pictures may precede another in decoding and follow it on screen. */
  public int reorderDepth() {
    return parameters.reorderDepth();
  }

  /** The same track after its codec header changed. */
  public SourceTrack with(byte[] extradata) {
    return new SourceTrack(
        index,
        kind,
        codec,
        timeBase,
        width,
        height,
        frameRate,
        sampleAspect,
        rotation,
        sampleRate,
        channels,
        language,
        parameters.with(extradata));
  }

  /** The same track with pictures of another size, whose pixels are square. */
  public SourceTrack sized(int newWidth, int newHeight) {
    return new SourceTrack(
        index,
        kind,
        codec,
        timeBase,
        newWidth,
        newHeight,
        frameRate,
        new Rational(1, 1),
        rotation,
        sampleRate,
        channels,
        language,
        parameters);
  }
}
