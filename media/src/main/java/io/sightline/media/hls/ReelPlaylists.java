package io.sightline.media.hls;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.records.ClipIndex;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The HLS form of a clip or replay. */
public final class ReelPlaylists {

  private ReelPlaylists() {}

  /** The master playlist. */
  public static String master(ClipIndex index) {
    throw new UnsupportedOperationException();
  }

  /**
   * The media playlist of a track.
   *
   * @param ended VOD with an end; otherwise EVENT, which grows by appending
   */
  public static String media(ClipIndex index, int track, boolean ended) {
    throw new UnsupportedOperationException();
  }

  /** The media segments of a track. */
  public static List<ReelSegment> segments(ClipIndex index, int track) {
    throw new UnsupportedOperationException();
  }

  /**
   * Any file of the reel by its name: {@code master.m3u8}, {@code track-1.m3u8}, {@code
   * init-1.mp4}, {@code seg-1-0.m4s}. Reads the heads of fragments, so it blocks.
   *
   * @param ended as in {@link #media}
   * @return empty when the reel has no such file
   */
  public static Optional<ReelFile> file(
      ClipIndex index, String name, boolean ended, ByteSource bytes)
      throws MediaException, IOException {
    throw new UnsupportedOperationException();
  }
}
