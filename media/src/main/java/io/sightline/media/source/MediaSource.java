package io.sightline.media.source;

import io.sightline.media.MediaException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An opened source: a file or something that FFmpeg pulls. Used by one thread; {@link #interrupt()}
 * may be called by any.
 */
public final class MediaSource implements AutoCloseable {

  private MediaSource() {}

  public static MediaSource open(String url, SourceOptions options) throws MediaException {
    throw new MediaException(MediaException.Reason.UNSUPPORTED, "No source can be opened yet");
  }

  public List<SourceTrack> tracks() {
    return List.of();
  }

  public long durationMicros() {
    return -1;
  }

  public Optional<Instant> creationTime() {
    return Optional.empty();
  }

  public Packet next() throws MediaException {
    return null;
  }

  public void interrupt() {}

  @Override
  public void close() {}
}
