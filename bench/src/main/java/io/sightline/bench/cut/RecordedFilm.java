package io.sightline.bench.cut;

import io.sightline.edgecapture.Rehearsal;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.ObjectSink;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.ChunkInfo;
import io.sightline.records.InitPart;
import io.sightline.records.Json;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import io.sightline.records.StreamItem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A film as our capture records it, in memory: chunks, and the objects that they and clips of them
 * refer to. Not thread-safe.
 */
final class RecordedFilm implements ByteSource, ObjectSink {

  private final List<ChunkInfo> chunks = new ArrayList<>();
  private final Map<String, byte[]> objects = new HashMap<>();

  private RecordedFilm() {}

  static RecordedFilm of(Path film) throws Exception {
    RecordedFilm recorded = new RecordedFilm();
    Profile profile =
        new Profile(
            "bench", Sampling.ALL_KEYFRAMES, null, List.of(new PluginSpec("motion")), List.of());
    try (MediaSource source = MediaSource.open(film.toString(), SourceOptions.DEFAULTS)) {
      Rehearsal.run(source, profile, true, recorded::sent);
    }
    return recorded;
  }

  private void sent(long sequence, byte[] header, byte[] payload) {
    StreamItem item = Json.decode(header, StreamItem.class);
    if (item instanceof ChunkInfo chunk) {
      chunks.add(chunk);
      objects.put(chunk.key(), payload);
    } else if (item instanceof InitPart init) {
      objects.put(init.key(), payload);
    }
  }

  List<ChunkInfo> chunks() {
    return chunks;
  }

  /** Position of its first picture. */
  long startMicros() {
    return chunks.get(0).positionMicros();
  }

  @Override
  public void put(NewObject made) {
    objects.put(made.key(), made.content());
  }

  /** Forgets what was made for a clip. */
  void forget(String clip) {
    objects.keySet().removeIf(key -> key.startsWith("clips/" + clip + "/"));
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
}
