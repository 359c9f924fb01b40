package io.sightline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What all measurements share: a folder that goes away with the run, footage, the yardstick
 * program. The folder is in memory where the system has such a place, so that no disk is measured.
 */
public final class Workbench implements AutoCloseable {

  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final long ROOM_BYTES = 2_000_000_000;

  /** How many cuts of each source type are looked at when nobody says otherwise. */
  static final int DEFAULT_CUTS = 200;

  private final Path folder;
  private final int cuts;
  private final String sources;
  private final BundledFfmpeg ffmpeg;
  private final Footage footage;
  private final Progress progress;

  private Workbench(Path folder, int cuts, String sources, Progress progress) throws Exception {
    this.folder = folder;
    this.cuts = cuts;
    this.sources = sources;
    this.progress = progress;
    this.ffmpeg = new BundledFfmpeg(folder);
    this.footage =
        new Footage(Files.createDirectories(folder.resolve("footage")), ffmpeg, progress);
  }

  public static Workbench open(Progress progress) throws Exception {
    return open(DEFAULT_CUTS, "", progress);
  }

  /**
   * @param cuts how many of each source type are looked at
   * @param sources text in the names of those source types
   */
  public static Workbench open(int cuts, String sources, Progress progress) throws Exception {
    if (!Processor.tells()) {
      throw new BenchException(
          "Processor time of other programs is read from /proc, which this system does not have;"
              + " measure on Linux");
    }
    Path folder =
        hasRoom(IN_MEMORY)
            ? Files.createTempDirectory(IN_MEMORY, "sightline-bench")
            : Files.createTempDirectory("sightline-bench");
    Workbench bench = new Workbench(folder, cuts, sources, progress);
    // Also when the run is broken off.
    Runtime.getRuntime().addShutdownHook(new Thread(bench::close));
    return bench;
  }

  public BundledFfmpeg ffmpeg() {
    return ffmpeg;
  }

  /** The one that is installed here; empty when none is. */
  public Optional<SystemFfmpeg> systemFfmpeg() throws Exception {
    return SystemFfmpeg.find();
  }

  /** How many cuts of each source type are looked at. */
  public int cuts() {
    return cuts;
  }

  /** What the names of those source types contain that are looked at. */
  public String sources() {
    return sources;
  }

  public Footage footage() {
    return footage;
  }

  public Progress progress() {
    return progress;
  }

  /** A folder of this name with nothing in it. */
  public Path emptied(String name) throws IOException {
    Path emptied = folder.resolve(name);
    delete(emptied);
    return Files.createDirectories(emptied);
  }

  /** How many files in a folder have a name that ends so. */
  public static long count(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().endsWith(ending)).count();
    }
  }

  @Override
  public void close() {
    ffmpeg.endAll();
    delete(folder);
  }

  private static boolean hasRoom(Path place) {
    try {
      return Files.isWritable(place) && Files.getFileStore(place).getUsableSpace() > ROOM_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    all.forEach(path -> path.toFile().delete());
  }
}
