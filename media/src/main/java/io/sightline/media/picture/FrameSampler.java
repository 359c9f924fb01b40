package io.sightline.media.picture;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Sampling;
import java.util.function.Consumer;

/** Takes frames of one video track; decodes only what will be looked at. Not thread-safe. */
public final class FrameSampler implements AutoCloseable {

  public FrameSampler(SourceTrack track, Sampling sampling, JpegSettings jpeg)
      throws MediaException {}

  public void accept(Packet packet, Consumer<SampledFrame> frames) throws MediaException {}

  public void finish(Consumer<SampledFrame> frames) throws MediaException {}

  @Override
  public void close() {}
}
