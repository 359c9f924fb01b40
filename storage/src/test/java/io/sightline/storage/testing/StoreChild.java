package io.sightline.storage.testing;

import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another process that works on the same store. What it prints has been acknowledged to it: one
 * number a line.
 */
final class StoreChild implements AutoCloseable {

  /** What it does. */
  enum Task {
    /** Writes contents 0, 1, 2... as objects under {@link #key} until it is killed. */
    OBJECTS,
    /** The same as records. */
    RECORDS,
    /** Adds one to a counter so many times. */
    COUNT
  }

  static final Content.Range OBJECT_SIZES = new Content.Range(0, 300_000);
  static final Content.Range RECORD_SIZES = new Content.Range(0, 20_000);
  static final String PARTITION = "crash/numbers";
  static final String COUNTERS = "counters";

  private static final int KEYS = 24;
  private static final int AT_A_TIME = 4;

  private final Process process;
  private final BufferedReader lines;

  private StoreChild(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  static StoreChild start(Task task, StoreOpener<?> opener, String place, int times)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx256m"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // Else loading SQLite prints a warning.
    }
    command.addAll(
        List.of(
            "-cp",
            classPath,
            StoreChild.class.getName(),
            task.name(),
            opener.getClass().getName(),
            place,
            Integer.toString(times)));
    return new StoreChild(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The key of a number; later numbers come back to it. */
  static String key(long number) {
    return "crash/" + number % 3 + "/" + number % KEYS;
  }

  /** Waits until it has opened the store and begins, which it says by a first line. */
  void awaitBeginning() throws IOException {
    if (lines.readLine() == null) {
      throw new IOException("The other process ended before it began");
    }
  }

  /** Waits until so many writes have been acknowledged to it, kills it, returns all that were. */
  List<Long> killAfter(int acknowledged) throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      numbers.add(Long.valueOf(line));
      if (numbers.size() == acknowledged) {
        // SIGKILL; by its handle, as Process would close the pipe that is still to be read.
        process.toHandle().destroyForcibly();
      }
    }
    return numbers;
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    return process.waitFor(Waiting.SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lines.close();
  }

  /** Adds one so many times, against whoever else does. */
  static Future<Void> count(RecordStore store, String sort, int times) {
    if (times == 0) {
      return Future.succeededFuture();
    }
    return store
        .get(COUNTERS, sort)
        .compose(
            held -> {
              long sum = Buffer.buffer(held.value()).getLong(0) + 1;
              byte[] value = Buffer.buffer().appendLong(sum).getBytes();
              return store.putIf(COUNTERS, sort, value, null, held.version());
            })
        .transform(
            result ->
                result.failed() && !Waiting.isConflict(result.cause())
                    ? Future.failedFuture(result.cause())
                    : count(store, sort, result.succeeded() ? times - 1 : times));
  }

  /** {@code task opener place times}. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    PrintStream out = System.out;
    System.setOut(System.err); // Whatever else is printed is no acknowledgement.
    Vertx vertx = Vertx.vertx();
    StoreOpener<?> opener =
        (StoreOpener<?>) Class.forName(arguments[1]).getDeclaredConstructor().newInstance();
    Object store = Waiting.await(opener.open(vertx, arguments[2]).map(open -> (Object) open));
    int times = Integer.parseInt(arguments[3]);
    if (Task.valueOf(arguments[0]) == Task.COUNT) {
      out.println(0); // It is there and begins.
      Waiting.await(count((RecordStore) store, "shared", times));
      Waiting.await(((RecordStore) store).close());
      Waiting.await(vertx.close());
      return;
    }
    for (int first = 0; first < AT_A_TIME; first++) {
      write(store, first, out);
    }
  }

  private static void write(Object store, long number, PrintStream out) {
    Future<?> written =
        store instanceof ObjectStore objects
            ? objects.put(key(number), Buffer.buffer(Content.of(number, OBJECT_SIZES)), "video/mp4")
            : ((RecordStore) store)
                .put(PARTITION, key(number), Content.of(number, RECORD_SIZES), null);
    written
        .onSuccess(
            done -> {
              out.println(number);
              write(store, number + AT_A_TIME, out);
            })
        .onFailure(
            e -> {
              e.printStackTrace();
              Runtime.getRuntime().halt(1);
            });
  }
}
