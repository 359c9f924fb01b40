package io.sightline.media.flv;

import java.nio.ByteBuffer;

/**
 * What one FLV tag brings of a track.
 *
 * @param video whether of the pictures; else of the sound
 * @param codec FFmpeg's name: {@code h264}, {@code hevc}, {@code av1}, {@code vp9}, {@code aac},
 *     {@code opus}, {@code mp3}, {@code ac3}
 * @param kind what the data is
 * @param dtsMillis when it is decoded, in milliseconds
 * @param ptsMillis when it is shown, in milliseconds
 * @param keyframe whether a decoder can start here; true for sound
 * @param data a view of the message
 */
public record FlvUnit(
    boolean video,
    String codec,
    Kind kind,
    long dtsMillis,
    long ptsMillis,
    boolean keyframe,
    ByteBuffer data) {

  /** What a tag's data is. */
  public enum Kind {
    /** The codec's own header, as a container keeps it ({@code avcC}, AudioSpecificConfig). */
    HEADER,
    /** A coded picture or a piece of coded sound. */
    MEDIA
  }
}
