package io.sightline.media.cmaf;

/** Takes what a {@link ChunkWriter} writes, on the writer's thread, in the order to be sent. */
public interface ChunkSink {

  /**
   * A track's init part; comes before the first chunk that names it.
   *
   * @param track 1-based within the epoch
   * @param key object key; it names a digest of the content
   */
  void init(int track, String key, byte[] content);

  /** The next chunk. */
  void chunk(WrittenChunk chunk);
}
