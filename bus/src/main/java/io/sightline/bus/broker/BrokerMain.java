package io.sightline.bus.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's own JVM. Arguments: the data folder, and the port (0: any that is free). Says {@code
 * ready PORT} or {@code failed REASON} on standard output, and nothing else. Ends when its standard
 * input does, that is when its parent closes it or dies of anything, kill -9 included.
 *
 * <p>It ignores SIGINT, SIGTERM and SIGHUP: a Ctrl-C reaches every process of the terminal's group,
 * and what the parent still has to write while it drains needs a broker.
 */
final class BrokerMain {

  static final String READY = "ready ";
  static final String FAILED = "failed ";

  private static final Duration STOP_TIME = Duration.ofSeconds(15);
  private static final Logger log = LoggerFactory.getLogger(BrokerMain.class);

  private BrokerMain() {}

  /** Runs until standard input ends. */
  public static void main(String[] arguments) {
    ignoreTerminalSignals();
    PrintStream parent = System.out;
    System.setOut(System.err);
    CountDownLatch parentGone = new CountDownLatch(1);
    Thread watch = new Thread(() -> awaitEnd(System.in, parentGone), "parent-watch");
    watch.setDaemon(true);
    watch.start();
    int exit = 0;
    try (BrokerFolder folder = BrokerFolder.lock(Path.of(arguments[0]), parentGone)) {
      run(folder, Integer.parseInt(arguments[1]), parent, parentGone);
    } catch (Exception e) {
      log.error("The broker did not start", e);
      parent.println(FAILED + sentence(e));
      exit = 1;
    }
    parent.flush();
    // Kafka's own threads are not all daemons; what had to be closed is closed.
    Runtime.getRuntime().halt(exit);
  }

  private static void run(
      BrokerFolder folder, int port, PrintStream parent, CountDownLatch parentGone)
      throws Exception {
    BrokerSettings settings = folder.settings(port);
    folder.format(settings);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(settings.properties(), false), Time.SYSTEM);
    server.startup();
    log.info("Broker ready on port {}", settings.port());
    parent.println(READY + settings.port());
    parent.flush();
    parentGone.await();
    Thread stopping = new Thread(server::shutdown, "broker-stop");
    stopping.start();
    stopping.join(STOP_TIME.toMillis());
    log.info("Broker stopped");
  }

  private static void awaitEnd(InputStream input, CountDownLatch parentGone) {
    try {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      log.warn("Reading from the parent failed; it counts as gone", e);
    }
    parentGone.countDown();
    try {
      // A start or a stop that hangs must not outlive the parent.
      TimeUnit.SECONDS.sleep(3 * STOP_TIME.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static String sentence(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.replaceAll("\\s+", " ").strip();
  }

  /**
   * By reflection, because the compiler warns of {@code sun.misc} by name; the class itself is an
   * exported part of {@code jdk.unsupported}. Where it is missing, Ctrl-C ends the broker early.
   */
  private static void ignoreTerminalSignals() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ignore = handler.getField("SIG_IGN").get(null);
      for (String name : new String[] {"INT", "TERM", "HUP"}) {
        Object value = signal.getConstructor(String.class).newInstance(name);
        signal.getMethod("handle", signal, handler).invoke(null, value, ignore);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      log.warn("Terminal signals are not ignored: {}", e.toString());
    }
  }
}
