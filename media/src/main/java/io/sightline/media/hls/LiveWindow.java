package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import java.time.Duration;
import java.util.List;

/**
 * The newest chunks of a stream, numbered so that a live playlist changes only at its end. Not
 * thread-safe.
 */
public final class LiveWindow {

  /**
   * @param length how much is kept: the DVR window
   */
  public LiveWindow(Duration length) {}

  /** Adds a chunk; one that is not newer than the newest is ignored. */
  public void add(ChunkInfo chunk) {
    throw new UnsupportedOperationException();
  }

  /** The chunks it holds, oldest first. */
  public List<ChunkInfo> chunks() {
    throw new UnsupportedOperationException();
  }
}
