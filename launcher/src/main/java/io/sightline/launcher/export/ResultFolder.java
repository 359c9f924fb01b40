package io.sightline.launcher.export;

import io.sightline.launcher.RequestException;
import io.sightline.media.MediaException;
import io.sightline.media.hls.HlsExport;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.Replay;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Writes the results of a run into a folder: {@code segments.json}, {@code clips/}, {@code
 * renditions/}, {@code replay.mp4}, {@code replay/} (HLS), {@code replay.json}, {@code timelines/},
 * {@code alerts.json}. All is written beside first and then moved into place. Blocking.
 */
public final class ResultFolder {

  private static final List<String> ENTRIES =
      List.of(
          "clips",
          "renditions",
          "replay",
          "replay.mp4",
          "replay.json",
          "timelines",
          "alerts.json",
          "segments.json");

  private final ObjectStore objects;
  private final RecordStore records;
  private final RunResults results;
  private final TimelineOrder order;

  public ResultFolder(
      ObjectStore objects, RecordStore records, RunResults results, TimelineOrder order) {
    this.objects = objects;
    this.records = records;
    this.results = results;
    this.order = order;
  }

  /**
   * @param replay id of the replay to write; empty for none
   * @param target where the results go; replaces results of the same names
   * @param draft an empty folder on the same file system, for the work
   * @throws RequestException when a timeline that was asked for cannot be made
   */
  public void write(Optional<String> replay, Path target, Path draft)
      throws IOException, TimeoutException, MediaException, RequestException {
    ResultContents contents =
        new ResultContents(objects, records, results, new Draft(draft, target));
    Files.createDirectories(draft.resolve("clips"));
    contents.writeSegments();
    contents.writeAlerts();
    Optional<Replay> found = replay.isPresent() ? results.replay(replay.get()) : Optional.empty();
    if (found.isPresent() && found.get().indexKey() != null) {
      ClipIndex reel =
          Json.decode(StoredBytes.read(objects, found.get().indexKey(), 0, -1), ClipIndex.class);
      HlsExport.write(
          reel,
          (key, offset, length) -> StoredBytes.read(objects, key, offset, length),
          draft.resolve("replay"));
    }
    if (found.isPresent()) {
      contents.writeReplay(found.get());
    }
    contents.writeTimelines(found, order);
    Files.createDirectories(target);
    for (String entry : ENTRIES) {
      deleteTree(target.resolve(entry));
      if (Files.exists(draft.resolve(entry))) {
        Files.move(draft.resolve(entry), target.resolve(entry), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** Files that are written here and will be found there. */
  private record Draft(Path folder, Path target) implements ResultFiles {

    @Override
    public OutputStream create(String path) throws IOException {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      return Files.newOutputStream(file);
    }

    /** Absolute: several editors look for nothing else. */
    @Override
    public String url(String path) {
      return target.toAbsolutePath().normalize().resolve(path).toUri().toString();
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
