package io.sightline.media.hls;

import io.sightline.records.ChunkInfo;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * HLS playlists of a stream: byte ranges of its recorded chunks as they lie.
 *
 * <p>Immutable, for any thread.
 */
public final class StreamPlaylists {

  /**
   * @param mediaUri URI of an object by its key ({@code streams/{stream}/{epoch}/{file}}), relative
   *     to the playlist
   */
  public StreamPlaylists(UnaryOperator<String> mediaUri) {}

  /**
   * The master playlist.
   *
   * @param chunks some newest ones: their tracks are listed
   * @param playlistUri URI of a track's media playlist, relative to the master
   */
  public String master(List<ChunkInfo> chunks, IntFunction<String> playlistUri) {
    throw new UnsupportedOperationException();
  }

  /**
   * A sliding playlist of the newest chunks.
   *
   * @param length how much of the window is listed
   */
  public String live(LiveWindow window, int track, Duration length) {
    throw new UnsupportedOperationException();
  }

  /**
   * A recorded stretch of the past.
   *
   * @param chunks in order of position
   * @param fromMicros the first keyframe at or before it begins the playlist, when there is one
   */
  public String recorded(List<ChunkInfo> chunks, int track, long fromMicros, long toMicros) {
    throw new UnsupportedOperationException();
  }
}
