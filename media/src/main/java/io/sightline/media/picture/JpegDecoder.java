package io.sightline.media.picture;

import io.sightline.media.MediaException;

/** Decodes JPEG from anywhere: the bytes are not trusted. Not thread-safe. */
public final class JpegDecoder implements AutoCloseable {

  /** Larger pictures are refused before anything is allocated for them. */
  public static final int MAX_DIMENSION = 8192;

  /**
   * Brightness and colour.
   *
   * @throws MediaException MALFORMED when it is no JPEG or damaged, UNSUPPORTED when it is too
   *     large
   */
  public DecodedJpeg decode(byte[] jpeg) throws MediaException {
    throw new MediaException(MediaException.Reason.UNSUPPORTED, "No JPEG can be decoded yet");
  }

  /** Brightness alone; {@link DecodedJpeg#bgr()} is null. */
  public DecodedJpeg decodeLuma(byte[] jpeg) throws MediaException {
    return decode(jpeg);
  }

  @Override
  public void close() {}
}
