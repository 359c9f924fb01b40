package io.sightline.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sightline up} in a process of its own. */
final class RunningServer implements AutoCloseable {

  private static final Pattern LINK = Pattern.compile("Dashboard: (http://\\S+:(\\d+)/\\S+)");
  private static final long START_SECONDS = 120;
  private static final long STOP_SECONDS = 20;

  private final Path configuration;
  private final Path data;
  private final List<String> options;
  private final StringBuffer log = new StringBuffer();
  private Process process;
  private String link;
  private int port;

  private RunningServer(Path configuration, Path data, List<String> options) {
    this.configuration = configuration;
    this.data = data;
    this.options = options;
  }

  /**
   * Returns when it is up.
   *
   * @param options for its JVM
   */
  static RunningServer start(Path configuration, Path data, String... options) throws IOException {
    RunningServer server = new RunningServer(configuration, data, List.of(options));
    server.launch();
    return server;
  }

  /** Ends, with its broker and all roles, and starts again at the same address. */
  void restart() throws IOException {
    close();
    launch();
  }

  /** What it prints for people to open. */
  String link() {
    return link;
  }

  /** The processes that it has started, by what stands in their command lines. */
  List<ProcessHandle> children(String argument) {
    return process
        .descendants()
        .filter(
            child ->
                Arrays.asList(child.info().arguments().orElse(new String[0])).contains(argument))
        .toList();
  }

  /** As a kill -9 does; what it started is left to itself. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** All that it has printed so far. */
  String log() {
    return log.toString();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void launch() throws IOException {
    ProcessBuilder builder =
        CommandJvm.of(
            options,
            List.of(
                "up",
                "--config",
                configuration.toString(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port)));
    process = builder.redirectErrorStream(true).start();
    CompletableFuture<Matcher> up = new CompletableFuture<>();
    Thread reader = new Thread(() -> read(process, up), "output-of-up");
    reader.setDaemon(true);
    reader.start();
    try {
      Matcher said = up.get(START_SECONDS, TimeUnit.SECONDS);
      link = said.group(1);
      port = Integer.parseInt(said.group(2));
    } catch (Exception e) {
      close();
      throw new IOException("It did not start:\n" + log, e);
    }
  }

  private void read(Process process, CompletableFuture<Matcher> up) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.append(line).append('\n');
        Matcher link = LINK.matcher(line);
        if (link.find()) {
          up.complete(link);
        }
      }
      up.completeExceptionally(new IOException("It ended"));
    } catch (IOException | UncheckedIOException e) {
      up.completeExceptionally(e);
    }
  }
}
