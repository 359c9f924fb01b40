package io.sightline.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Tells of files as they come to be below some folders. One thread. */
final class FileWatch implements AutoCloseable {

  private final WatchService service = FileSystems.getDefault().newWatchService();
  private final Map<WatchKey, Path> folders = new HashMap<>();
  private final Set<Path> known = new HashSet<>();
  private final Deque<Path> fresh = new ArrayDeque<>();

  FileWatch(Path... roots) throws IOException {
    for (Path root : roots) {
      follow(Files.createDirectories(root));
    }
    fresh.clear();
  }

  /** The next file that has come to be; empty when none does within a time. */
  Optional<Path> next(Duration most) throws IOException, InterruptedException {
    if (fresh.isEmpty()) {
      WatchKey key = service.poll(most.toNanos(), TimeUnit.NANOSECONDS);
      if (key != null) {
        for (WatchEvent<?> event : key.pollEvents()) {
          if (event.context() instanceof Path name) {
            arrived(folders.get(key).resolve(name));
          }
        }
        key.reset();
      }
    }
    return Optional.ofNullable(fresh.poll());
  }

  /** Forgets those that nobody has asked for. */
  void skip() throws IOException, InterruptedException {
    while (next(Duration.ZERO).isPresent()) {
      continue;
    }
  }

  private void arrived(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      follow(path);
    } else {
      fresh.add(path);
    }
  }

  /** What came into a folder before it was watched is told, too. */
  private void follow(Path folder) throws IOException {
    try {
      if (known.add(folder)) {
        folders.put(folder.register(service, StandardWatchEventKinds.ENTRY_CREATE), folder);
      }
      try (Stream<Path> there = Files.list(folder)) {
        for (Path path : there.toList()) {
          arrived(path);
        }
      }
    } catch (NoSuchFileException | UncheckedIOException e) {
      known.remove(folder); // It went meanwhile.
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
