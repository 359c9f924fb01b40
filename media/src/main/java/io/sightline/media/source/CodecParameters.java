package io.sightline.media.source;

import java.util.Arrays;

/**
 * What a decoder or a muxer must know of a track, as plain values: FFmpeg's {@code
 * AVCodecParameters} without its native memory. Numbers with {@code Id} are FFmpeg's.
 *
 * @param codecId {@code AVCodecID}
 * @param codecTag four characters by which the container names the codec; 0 when it has none
 * @param format pixel format of pictures, sample format of sound; -1 when unknown
 * @param bitsPerSecond 0 when unknown
 * @param profile of the codec; -99 when unknown
 * @param level of the codec; -99 when unknown
 * @param fieldOrderId whether and how pictures are interlaced
 * @param colorRangeId limited (1), full (2) or unknown (0)
 * @param reorderDepth how many pictures may precede another in decoding and follow it on screen
 * @param channelMask which loudspeakers the channels belong to; 0 when unknown
 * @param frameSize samples in one packet of sound; 0 when it varies
 * @param extradata the codec's own header ({@code avcC}, parameter sets, AudioSpecificConfig); may
 *     be empty
 */
public record CodecParameters(
    int codecId,
    int codecTag,
    int format,
    long bitsPerSecond,
    int bitsPerCodedSample,
    int bitsPerRawSample,
    int profile,
    int level,
    int fieldOrderId,
    int colorRangeId,
    int colorPrimariesId,
    int colorTransferId,
    int colorMatrixId,
    int chromaLocationId,
    int reorderDepth,
    long channelMask,
    int blockAlign,
    int frameSize,
    int initialPadding,
    int seekPreroll,
    byte[] extradata) {

  public CodecParameters {
    extradata = extradata == null ? new byte[0] : extradata.clone();
  }

  @Override
  public byte[] extradata() {
    return extradata.clone();
  }

  /** The same with another codec header. */
  public CodecParameters with(byte[] otherExtradata) {
    return new CodecParameters(
        codecId,
        codecTag,
        format,
        bitsPerSecond,
        bitsPerCodedSample,
        bitsPerRawSample,
        profile,
        level,
        fieldOrderId,
        colorRangeId,
        colorPrimariesId,
        colorTransferId,
        colorMatrixId,
        chromaLocationId,
        reorderDepth,
        channelMask,
        blockAlign,
        frameSize,
        initialPadding,
        seekPreroll,
        otherExtradata);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CodecParameters that
        && with(null).numbers().equals(that.with(null).numbers())
        && Arrays.equals(extradata, that.extradata);
  }

  @Override
  public int hashCode() {
    return 31 * numbers().hashCode() + Arrays.hashCode(extradata);
  }

  @Override
  public String toString() {
    return "CodecParameters" + numbers() + " and " + extradata.length + " bytes of header";
  }

  private java.util.List<Long> numbers() {
    return java.util.List.of(
        (long) codecId,
        (long) codecTag,
        (long) format,
        bitsPerSecond,
        (long) bitsPerCodedSample,
        (long) bitsPerRawSample,
        (long) profile,
        (long) level,
        (long) fieldOrderId,
        (long) colorRangeId,
        (long) colorPrimariesId,
        (long) colorTransferId,
        (long) colorMatrixId,
        (long) chromaLocationId,
        (long) reorderDepth,
        channelMask,
        (long) blockAlign,
        (long) frameSize,
        (long) initialPadding,
        (long) seekPreroll);
  }
}
