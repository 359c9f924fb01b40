package io.sightline.bus.broker;

import io.sightline.bus.BusException;
import io.sightline.bus.BusException.Reason;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Kafka broker of one node in a child JVM, for one machine. It listens on loopback only, keeps
 * everything in its data folder and ends when this process ends, whatever ends it. What it has
 * acknowledged survives kill -9 of either. Ctrl-C in the terminal does not reach it: {@link
 * #close()} ends it, after what writes to it has drained.
 *
 * <p>Its log is {@code broker.log} in the data folder.
 */
public final class BrokerProcess implements AutoCloseable {

  /** System property that holds one more option for the child's JVM: its class data archive. */
  public static final String JVM_OPTION = "sightline.broker.option";

  private static final Duration START_TIME = Duration.ofSeconds(90);
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  private final Process process;
  private final int port;

  private BrokerProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts a broker with this JVM's class path, which must hold {@code kafka_2.13}. */
  public static BrokerProcess start(Path data, int port) {
    return start(data, port, System.getProperty("java.class.path"));
  }

  /**
   * Starts a broker and waits until it is ready, two to three seconds. Blocks.
   *
   * @param data its folder, created when missing
   * @param port where it listens; 0 for the port of its last start, or any free one
   * @param classPath of the child
   * @throws BusException UNREACHABLE when it does not start, with a sentence that says why
   */
  public static BrokerProcess start(Path data, int port, String classPath) {
    Process process;
    Path folder = data.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      process =
          new ProcessBuilder(command(folder, port, classPath))
              .redirectError(folder.resolve("broker.err").toFile())
              .start();
    } catch (IOException e) {
      throw failed("The embedded broker cannot be started in " + folder + ": " + e.getMessage(), e);
    }
    CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(() -> answer(process), BrokerProcess::onOwnThread);
    try {
      String line = answer.get(START_TIME.toSeconds(), TimeUnit.SECONDS);
      if (line.startsWith(BrokerMain.READY)) {
        return new BrokerProcess(
            process, Integer.parseInt(line.substring(BrokerMain.READY.length())));
      }
      String reason =
          line.startsWith(BrokerMain.FAILED)
              ? line.substring(BrokerMain.FAILED.length())
              : "it ended at once; see " + folder.resolve("broker.err");
      end(process, Duration.ZERO);
      throw failed("The embedded broker did not start: " + reason, null);
    } catch (TimeoutException e) {
      end(process, Duration.ZERO);
      throw failed(
          "The embedded broker was not ready after "
              + START_TIME.toSeconds()
              + " s; see "
              + folder.resolve("broker.log"),
          e);
    } catch (ExecutionException e) {
      end(process, Duration.ZERO);
      throw failed("The embedded broker did not start: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      end(process, Duration.ZERO);
      Thread.currentThread().interrupt();
      throw failed("The start of the embedded broker was interrupted", e);
    }
  }

  /**
   * For {@code kafka.bootstrap}: where the broker of a data folder listens, or did when it last
   * ran.
   *
   * @throws BusException UNREACHABLE when none ever ran there
   */
  public static String bootstrapOf(Path data) {
    Path folder = data.toAbsolutePath().normalize();
    try {
      int port = BrokerFolder.portOf(folder);
      if (port > 0) {
        return bootstrap(port);
      }
      throw failed(
          "No embedded broker has run in "
              + folder
              + " yet: start 'sightline broker' or 'sightline up' first, or set kafka.bootstrap",
          null);
    } catch (IOException e) {
      throw failed("Cannot read where the broker in " + folder + " listens: " + e.getMessage(), e);
    }
  }

  public int port() {
    return port;
  }

  /** For {@code kafka.bootstrap}. */
  public String bootstrap() {
    return bootstrap(port);
  }

  public long pid() {
    return process.pid();
  }

  /** Completes with its exit code when it has ended, wanted or not. */
  public CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Stops it cleanly; forcibly when that takes too long. Safe to call twice. Blocks. */
  @Override
  public void close() {
    end(process, STOP_TIME);
  }

  /** Ends it at once, as a kill -9 does. Blocks until it is gone. */
  public void kill() {
    end(process, Duration.ZERO);
  }

  private static String bootstrap(int port) {
    return "127.0.0.1:" + port;
  }

  private static List<String> command(Path folder, int port, String classPath) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(
        List.of(
            "-Xmx384m",
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dlogback.configurationFile=io/sightline/bus/broker/logback.xml",
            "-Dsightline.broker.data=" + folder));
    String more = System.getProperty(JVM_OPTION);
    if (more != null && !more.isBlank()) {
      command.add(more);
    }
    command.addAll(
        List.of(
            "-cp",
            classPath,
            BrokerMain.class.getName(),
            folder.toString(),
            Integer.toString(port)));
    return List.copyOf(command);
  }

  /** What the child says of its start; a JVM may print warnings of its own before. */
  private static String answer(Process process) {
    try {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith(BrokerMain.READY) || line.startsWith(BrokerMain.FAILED)) {
          return line;
        }
      }
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What blocks does not do so in a pool that others share. */
  private static void onOwnThread(Runnable task) {
    Thread thread = new Thread(task, "sightline-broker-answer");
    thread.setDaemon(true);
    thread.start();
  }

  private static void end(Process process, Duration patience) {
    try {
      if (!patience.isZero()) {
        process.getOutputStream().close();
      }
    } catch (IOException alreadyGone) {
      // Then there is nothing to tell it.
    }
    try {
      if (patience.isZero() || !process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static BusException failed(String message, Throwable cause) {
    return new BusException(Reason.UNREACHABLE, message, cause);
  }
}
