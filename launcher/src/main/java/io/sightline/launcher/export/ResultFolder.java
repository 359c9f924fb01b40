package io.sightline.launcher.export;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.HlsExport;
import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.EpochInfo;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.Segment;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Writes the results of a run into a folder: {@code segments.json}, {@code clips/}, {@code
 * replay.mp4}, {@code replay/} (HLS), {@code replay.json}, {@code alerts.json}. All is written
 * beside first and then moved into place. Blocking.
 */
public final class ResultFolder {

  private static final long TIMEOUT_SECONDS = 600;
  private static final int COPY_BYTES = 4_000_000;
  private static final List<String> ENTRIES =
      List.of("clips", "replay", "replay.mp4", "replay.json", "alerts.json", "segments.json");

  private final ObjectStore objects;
  private final RunResults results;
  private final ByteSource bytes;

  public ResultFolder(ObjectStore objects, RunResults results) {
    this.objects = objects;
    this.results = results;
    this.bytes = this::read;
  }

  /**
   * @param replay id of the replay to write; empty for none
   * @param target where the results go; replaces results of the same names
   * @param draft an empty folder on the same file system, for the work
   */
  public void write(Optional<String> replay, Path target, Path draft)
      throws IOException, TimeoutException, MediaException {
    List<EpochInfo> epochs = results.epochs();
    long zero = epochs.isEmpty() ? 0 : epochs.get(0).startMicros();
    writeSegments(zero, draft);
    writeAlerts(zero, draft);
    if (replay.isPresent()) {
      writeReplay(replay.get(), zero, draft);
    }
    Files.createDirectories(target);
    for (String entry : ENTRIES) {
      deleteTree(target.resolve(entry));
      if (Files.exists(draft.resolve(entry))) {
        Files.move(draft.resolve(entry), target.resolve(entry), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private void writeSegments(long zero, Path draft) throws IOException, TimeoutException {
    Map<String, Clip> clips = results.clips();
    Path folder = Files.createDirectories(draft.resolve("clips"));
    List<SegmentsFile.Entry> entries = new ArrayList<>();
    for (Segment segment : results.segments()) {
      Clip clip = clips.get(segment.id());
      String name = String.format("%03d-%s", entries.size() + 1, Ids.nameFrom(segment.label()));
      String path = null;
      if (clip != null && clip.state() == MediaState.READY && clip.mp4Key() != null) {
        path = "clips/" + name + ".mp4";
        copy(clip.mp4Key(), folder.resolve(name + ".mp4"));
        if (clip.thumbnailKey() != null) {
          copy(clip.thumbnailKey(), folder.resolve(name + ".jpg"));
        }
      }
      entries.add(SegmentsFile.entry(segment, zero, path));
    }
    SegmentsFile.write(draft.resolve("segments.json"), entries);
  }

  private void writeAlerts(long zero, Path draft) throws IOException, TimeoutException {
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (Alert alert : results.alerts()) {
      alerts.add(
          Map.of(
              "rule", alert.rule(),
              "label", alert.label(),
              "confidence", alert.confidence(),
              "start", SegmentsFile.seconds(alert.positionMicros() - zero),
              "lastSeen", SegmentsFile.seconds(alert.lastSeenMicros() - zero)));
    }
    Files.write(draft.resolve("alerts.json"), Json.encode(Map.of("alerts", alerts)));
  }

  private void writeReplay(String id, long zero, Path draft)
      throws IOException, TimeoutException, MediaException {
    Optional<Replay> replay = results.replay(id);
    if (replay.isEmpty() || replay.get().indexKey() == null) {
      return;
    }
    ClipIndex reel = Json.decode(read(replay.get().indexKey(), 0, -1), ClipIndex.class);
    HlsExport.write(reel, bytes, Files.createDirectories(draft.resolve("replay")));
    if (replay.get().mp4Key() != null) {
      copy(replay.get().mp4Key(), draft.resolve("replay.mp4"));
    }
    List<Map<String, Object>> parts = new ArrayList<>();
    for (ReplayItem item : results.reel(replay.get())) {
      parts.add(
          Map.of(
              "segment", item.segment(),
              "label", item.label(),
              "at", SegmentsFile.seconds(item.offsetMicros()),
              "duration", SegmentsFile.seconds(item.durationMicros()),
              "start", SegmentsFile.seconds(item.startMicros() - zero)));
    }
    Files.write(
        draft.resolve("replay.json"),
        Json.encode(
            Map.of(
                "title", replay.get().title(),
                "duration", SegmentsFile.seconds(replay.get().durationMicros()),
                "segments", parts)));
  }

  private void copy(String key, Path file) throws IOException, TimeoutException {
    Optional<Path> stored = objects.file(key);
    if (stored.isPresent()) {
      Files.copy(stored.get(), file);
      return;
    }
    long size = objects.head(key).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).sizeBytes();
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long offset = 0; offset < size; offset += COPY_BYTES) {
        out.write(read(key, offset, Math.min(COPY_BYTES, size - offset)));
      }
    }
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    try {
      Buffer content = objects.get(key, offset, length).await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      return content.getBytes();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }

  /** Deletes a folder with all that is in it; does nothing when there is none. */
  public static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
