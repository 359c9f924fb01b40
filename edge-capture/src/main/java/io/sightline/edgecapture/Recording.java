package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.ChunkWriter;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.EpochAxis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recording of one epoch: tracks are copied into chunks, those that cannot be are encoded
 * first. One thread; owns native memory until closed.
 */
final class Recording implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  private final EpochWriter writer;
  private final Set<Integer> copied = new HashSet<>();
  private final Map<Integer, TrackEncoder> encoders = new HashMap<>();
  private final EncodingCost cost;
  private final ChunkWriter chunks;

  /**
   * @param line told what encoding costs, once that is known
   * @throws MediaException UNSUPPORTED when a track cannot be recorded
   */
  Recording(
      TrackChoice choice, EpochAxis axis, EpochWriter writer, EpochLine line, Duration chunkTarget)
      throws MediaException {
    this.writer = writer;
    this.cost = choice.encoded().isEmpty() ? null : new EncodingCost(choice, line);
    try {
      List<SourceTrack> tracks = new ArrayList<>();
      for (SourceTrack track : choice.recorded()) {
        if (!choice.encoded().contains(track.index())) {
          tracks.add(track);
          copied.add(track.index());
        } else {
          encoder(track).ifPresent(encoder -> tracks.add(encoder.track()));
        }
      }
      if (tracks.isEmpty()) {
        chunks = null;
        return;
      }
      SourceTrack main =
          tracks.stream().filter(SourceTrack::isVideo).findFirst().orElse(tracks.get(0));
      EpochStart start = writer.start();
      this.chunks =
          new ChunkWriter(
              tracks, axis.in(main.timeBase()), start.stream(), start.epoch(), chunkTarget);
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Empty when it cannot be encoded after all: the others are recorded without it. */
  private Optional<TrackEncoder> encoder(SourceTrack track) {
    try {
      TrackEncoder encoder = TrackEncoder.of(track);
      encoders.put(track.index(), encoder);
      return Optional.of(encoder);
    } catch (MediaException e) {
      LOG.warn("{}: not recorded: {}", writer.start().stream(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * @throws MediaException when the packet cannot be recorded; the next may
   */
  void accept(Packet packet) throws MediaException {
    if (copied.contains(packet.track())) {
      chunks.accept(packet, writer);
      return;
    }
    TrackEncoder encoder = encoders.get(packet.track());
    if (encoder == null) {
      return;
    }
    long before = cost.begin();
    try {
      encoder.accept(packet, encoded -> chunks.accept(encoded, writer));
    } finally {
      cost.end(before, packet);
    }
  }

  /** Writes what is held back, complete. */
  void finish() throws MediaException {
    for (TrackEncoder encoder : encoders.values()) {
      encoder.finish(encoded -> chunks.accept(encoded, writer));
    }
    if (chunks != null) {
      chunks.finish(writer);
    }
  }

  @Override
  public void close() {
    encoders.values().forEach(TrackEncoder::close);
    encoders.clear();
  }
}
