package io.sightline.bus.testing;

import io.sightline.bus.BusConfig;
import io.sightline.bus.broker.BrokerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real broker for tests. Most share one per test JVM and keep apart by topic prefix; a test that
 * kills or restarts its broker opens its own.
 */
public final class TestBroker implements AutoCloseable {

  private static final AtomicInteger prefixes = new AtomicInteger();
  private static TestBroker shared;

  private final Path data;
  private BrokerProcess process;

  private TestBroker(Path data) {
    this.data = data;
    this.process = BrokerProcess.start(data, 0);
  }

  /** The broker of this JVM, started at the first call and ended with the JVM. */
  public static synchronized TestBroker shared() {
    if (shared == null) {
      shared = open();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "test-broker-stop"));
    }
    return shared;
  }

  /** A broker of one's own, in a temporary folder that goes with it. */
  public static TestBroker open() {
    try {
      return new TestBroker(Files.createTempDirectory("sightline-broker-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String bootstrap() {
    return process.bootstrap();
  }

  /** A configuration with a topic prefix that no other test has, and two partitions per topic. */
  public BusConfig config() {
    return config(2);
  }

  /** A configuration with a topic prefix that no other test has. */
  public BusConfig config(int partitions) {
    return new BusConfig(bootstrap(), topicPrefix(), partitions, BusConfig.DEFAULT_MAX_WRITE_BYTES);
  }

  /** A topic prefix that no other test has. */
  public static String topicPrefix() {
    return "t" + ProcessHandle.current().pid() + "-" + prefixes.incrementAndGet() + "-";
  }

  /** Ends it with kill -9. */
  public void kill() {
    process.kill();
  }

  /** Starts it again, on the same port with the same data. */
  public void start() {
    process = BrokerProcess.start(data, process.port());
  }

  @Override
  public void close() {
    process.kill();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
