package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import java.time.Duration;
import java.util.List;

/** Writes the packets of one epoch as chunks. Used by one thread. */
public final class ChunkWriter {

  public ChunkWriter(
      List<SourceTrack> tracks, EpochAxis axis, String stream, String epoch, Duration target)
      throws MediaException {}

  public void accept(Packet packet, ChunkSink sink) throws MediaException {
    throw new UnsupportedOperationException();
  }

  public void finish(ChunkSink sink) throws MediaException {
    throw new UnsupportedOperationException();
  }
}
