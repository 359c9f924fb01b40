package io.sightline.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sightline's processes as a person starts them, with small heaps; each can be killed and started
 * again. What they say goes to a file each in the work folder. One thread.
 */
final class RoleProcesses implements AutoCloseable {

  private static final long READY_SECONDS = 120;

  private final Path config;
  private final Path data;
  private final Path logs;
  private final Path temporary;
  private final Map<String, Running> running = new LinkedHashMap<>();
  private int starts;
  private int restarts;

  /** One process; ready once it has said that it runs. */
  private record Running(String role, Process process, CompletableFuture<Long> readyNanos) {}

  /**
   * @param work a folder for what they say and unpack
   */
  RoleProcesses(Path config, Path data, Path work) throws IOException {
    this.config = config;
    this.data = data;
    this.logs = Files.createDirectories(work.resolve("logs"));
    this.temporary = Files.createDirectories(work.resolve("tmp"));
  }

  /**
   * @param name what the process is called here
   * @param role the command
   */
  void start(String name, String role) {
    // What a killed process has unpacked stays: it goes with the test.
    ProcessBuilder builder =
        CommandJvm.of(
            List.of("-Xmx192m", "-Djava.io.tmpdir=" + temporary),
            List.of(role, "--config", config.toString(), "--data", data.toString()));
    builder.redirectError(logs.resolve(String.format("%03d-%s.err", ++starts, name)).toFile());
    try {
      Process process = builder.start();
      CompletableFuture<Long> ready = new CompletableFuture<>();
      Thread watch = new Thread(() -> awaitReady(process, ready), name + "-out");
      watch.setDaemon(true);
      watch.start();
      running.put(name, new Running(role, process, ready));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitReady(String name) throws Exception {
    if (running.get(name).readyNanos().get(READY_SECONDS, TimeUnit.SECONDS) < 0) {
      throw new IllegalStateException(name + " ended at its start\n" + errors());
    }
  }

  /** How long it has run after its start, in nanoseconds; negative before. */
  long readyForNanos(String name) {
    long ready = running.get(name).readyNanos().getNow(-1L);
    return ready < 0 ? -1 : System.nanoTime() - ready;
  }

  /** SIGKILL, children too, and a new start at once. */
  void killAndRestart(String name) throws InterruptedException {
    Running victim = running.get(name);
    kill(victim.process());
    start(name, victim.role());
  }

  /** What a supervisor does: starts again what ended by itself, such as a role without a broker. */
  void restartEnded() {
    for (Map.Entry<String, Running> each : new ArrayList<>(running.entrySet())) {
      if (!each.getValue().process().isAlive()) {
        restarts++;
        start(each.getKey(), each.getValue().role());
      }
    }
  }

  /** Waits until one of them has ended, but not for longer than {@code most}. */
  void awaitEnd(Duration most) throws InterruptedException {
    CompletableFuture<?>[] ends =
        running.values().stream()
            .map(each -> each.process().onExit())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(ends).get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // All go on.
    } catch (ExecutionException e) {
      throw new IllegalStateException("Ends of processes never fail", e);
    }
  }

  /** How many processes ended by themselves. */
  int restarts() {
    return restarts;
  }

  /** What all of them said on standard error. */
  String errors() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(logs)) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        if (!text.isBlank()) {
          all.append("== ").append(file.getFileName()).append('\n').append(text).append('\n');
        }
      }
    }
    return all.toString();
  }

  @Override
  public void close() {
    List<Running> all = new ArrayList<>(running.values());
    running.clear();
    for (Running each : all) {
      try {
        kill(each.process());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    children.forEach(child -> child.onExit().join());
  }

  private static void awaitReady(Process process, CompletableFuture<Long> ready) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith("Ctrl-C")) {
          ready.complete(System.nanoTime());
        }
      }
    } catch (IOException e) {
      // Killed.
    }
    ready.complete(-1L);
  }
}
