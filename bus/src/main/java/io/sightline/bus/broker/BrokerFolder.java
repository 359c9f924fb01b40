package io.sightline.bus.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The broker's data folder: {@code lock}, {@code ports} (those of the last start) and {@code log}
 * (Kafka's own). Used by one broker at a time; the operating system drops the lock with the
 * process, so a kill leaves nothing stale.
 */
final class BrokerFolder implements AutoCloseable {

  /** A broker whose parent was killed needs a moment to end. */
  private static final Duration LOCK_WAIT = Duration.ofSeconds(30);

  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);
  private static final int PORT_TRIES = 100;
  private static final int FIRST_PORT = 20_000;
  private static final int END_OF_PORTS = 32_000;

  private final Path folder;
  private final FileChannel channel;

  private BrokerFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  static BrokerFolder lock(Path folder, CountDownLatch giveUp)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long deadline = System.nanoTime() + LOCK_WAIT.toNanos();
    while (true) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new BrokerFolder(folder, channel);
      }
      boolean gone = giveUp.await(LOCK_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      if (gone || System.nanoTime() > deadline) {
        channel.close();
        throw new IOException("another broker is using " + folder);
      }
    }
  }

  /**
   * @param wanted the port to listen on, which must be free; 0 for that of the last start, or
   *     another free one when it is taken
   */
  BrokerSettings settings(int wanted) throws IOException {
    int[] last = lastPorts(folder);
    int port = wanted != 0 ? wanted : isFree(last[0]) ? last[0] : freePort(0);
    if (wanted != 0 && !isFree(wanted)) {
      throw new IOException("port " + wanted + " is in use by another program");
    }
    int controllerPort = isFree(last[1]) && last[1] != port ? last[1] : freePort(port);
    Files.write(
        folder.resolve("ports"), List.of(String.valueOf(port), String.valueOf(controllerPort)));
    return new BrokerSettings(folder.resolve("log"), port, controllerPort);
  }

  /** Prepares {@code log} for its first use; whole or not at all. */
  void format(BrokerSettings settings) throws Exception {
    if (Files.exists(settings.log())) {
      return;
    }
    Path fresh = folder.resolve("log.new");
    delete(fresh);
    Files.createDirectories(fresh);
    new Formatter()
        .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
        .setNodeId(BrokerSettings.NODE)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(fresh.toString())
        .setMetadataLogDirectory(fresh.toString())
        .setControllerListenerName(BrokerSettings.CONTROLLER)
        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .run();
    Files.move(fresh, settings.log(), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static int[] lastPorts(Path folder) throws IOException {
    Path file = folder.resolve("ports");
    int[] ports = new int[2];
    if (Files.exists(file)) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < Math.min(2, lines.size()); i++) {
        ports[i] = lines.get(i).matches("\\d{1,5}") ? Integer.parseInt(lines.get(i)) : 0;
      }
    }
    return ports;
  }

  /** The port of the last start in a folder; 0 when there was none. */
  static int portOf(Path folder) throws IOException {
    return lastPorts(folder)[0];
  }

  private static boolean isFree(int port) {
    if (port < 1 || port > 65_535) {
      return false;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * Below the range from which systems take ports for outgoing connections: one of those could hold
   * it while the broker starts again, and the other processes know no other port.
   */
  private static int freePort(int other) throws IOException {
    for (int i = 0; i < PORT_TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, END_OF_PORTS);
      if (port != other && isFree(port)) {
        return port;
      }
    }
    while (true) {
      try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (probe.getLocalPort() != other) {
          return probe.getLocalPort();
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
