package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceOptions;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.ChunkInfo;
import io.sightline.records.EpochAxis;
import io.sightline.records.Ids;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stream recorded into memory: what capture, gateway and object store do together. */
public final class Recording implements ByteSource, ObjectSink {

  /** Where the first epoch begins. */
  public static final long START = 1_763_700_000_000_000L;

  private final String stream;
  private final List<ChunkInfo> chunks = new ArrayList<>();
  private final Map<String, byte[]> objects = new TreeMap<>();
  private final Duration target;

  public Recording(String stream) {
    this(stream, Duration.ofSeconds(2));
  }

  public Recording(String stream, Duration target) {
    this.stream = stream;
    this.target = target;
  }

  /** Records a file as one epoch; its first picture lies at {@code startMicros}. */
  public Recording add(Path file, long startMicros) {
    try (MediaSource source = MediaSource.open(file.toString(), SourceOptions.DEFAULTS)) {
      List<SourceTrack> tracks = source.tracks();
      SourceTrack first =
          tracks.stream().filter(SourceTrack::isVideo).findFirst().orElse(tracks.get(0));
      List<Packet> held = new ArrayList<>();
      Packet packet = source.next();
      while (packet != null && packet.track() != first.index()) {
        held.add(packet.copy());
        packet = source.next();
      }
      EpochAxis axis = new EpochAxis(startMicros, packet.pts(), first.timeBase());
      Epoch epoch = new Epoch(tracks, axis);
      for (Packet early : held) {
        epoch.writer.accept(early, epoch);
      }
      for (; packet != null; packet = source.next()) {
        epoch.writer.accept(packet, epoch);
      }
      epoch.writer.finish(epoch);
      return this;
    } catch (MediaException e) {
      throw new IllegalStateException(e);
    }
  }

  public Recording add(Path file) {
    return add(file, START);
  }

  public List<ChunkInfo> chunks() {
    return chunks;
  }

  public Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public void put(NewObject made) {
    objects.put(made.key(), made.content());
  }

  /** Writes all objects into a folder, as files under their keys. */
  public void writeTo(Path folder) {
    objects.forEach(
        (key, content) -> {
          try {
            Path file = folder.resolve(key);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Override
  public byte[] read(String key, long offset, long length) throws IOException {
    byte[] object = objects.get(key);
    if (object == null) {
      throw new FileNotFoundException(key);
    }
    long end = length < 0 ? object.length : Math.min(object.length, offset + length);
    return Arrays.copyOfRange(object, (int) offset, (int) end);
  }

  /** One epoch being written. */
  private final class Epoch implements ChunkSink {

    private final String name;
    private final ChunkWriter writer;
    private long sequence = 1;

    Epoch(List<SourceTrack> tracks, EpochAxis axis) throws MediaException {
      name = Ids.epoch(axis.anchorMicros(), "local");
      writer = new ChunkWriter(tracks, axis, stream, name, target);
    }

    @Override
    public void init(int track, String key, byte[] content) {
      sequence++;
      objects.put(key, content);
    }

    @Override
    public void chunk(WrittenChunk chunk) {
      String key = Ids.chunkKey(stream, name, sequence);
      objects.put(key, chunk.content());
      chunks.add(
          new ChunkInfo(
              stream,
              name,
              "live",
              sequence++,
              chunk.positionMicros(),
              chunk.durationMicros(),
              0,
              key,
              chunk.content().length,
              chunk.tracks(),
              chunk.fragments()));
    }
  }
}
