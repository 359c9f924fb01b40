package io.sightline.media.hls;

/** A stretch of a file that is composed when it is fetched. */
public sealed interface MediaPart {

  /** In bytes. */
  long length();

  /**
   * Bytes made for this file.
   *
   * @param content not copied
   */
  record Bytes(byte[] content) implements MediaPart {

    @Override
    public long length() {
      return content.length;
    }
  }

  /**
   * Recorded bytes, to be streamed from storage.
   *
   * @param key object key
   */
  record Range(String key, long offset, long length) implements MediaPart {}
}
