package io.sightline.media.source;

import io.sightline.media.MediaException;

/** The header of a track as FFmpeg's own MP4 muxer writes it. */
public final class CodecHeader {

  private CodecHeader() {}

  /**
   * {@code ftyp} and {@code moov} of a fragmented MP4 file with that one track.
   *
   * @throws MediaException UNSUPPORTED when MP4 cannot hold the codec
   */
  public static byte[] moov(SourceTrack track) throws MediaException {
    throw new MediaException(MediaException.Reason.UNSUPPORTED, "Not yet: " + track.codec());
  }
}
