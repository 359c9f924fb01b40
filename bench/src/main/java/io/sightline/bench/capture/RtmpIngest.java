package io.sightline.bench.capture;

import io.sightline.bench.BenchException;
import io.sightline.bench.Claim;
import io.sightline.bench.Comparison;
import io.sightline.bench.Figure;
import io.sightline.bench.Footage;
import io.sightline.bench.Processor;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.edgecapture.CaptureStatus;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.StreamAssignment;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Encoders publish in real time and are recorded by copy: by our agent, through its RTMP target,
 * spool and connection to a gateway; and by one {@code ffmpeg -listen 1} for each, into files. The
 * cost is the processor time for a minute of recorded media, in a while in which all of them
 * publish; starting is not in it. On a busy machine less than that while is recorded, by both.
 */
final class RtmpIngest {

  private static final String NAME = "rtmp-ingest";
  private static final Target NO_MORE = Target.atMost(1);
  private static final int PUBLISHERS = 20;
  private static final int ROUNDS = 3;
  private static final long SETTLING_MILLIS = 4_000;
  private static final long WINDOW_MILLIS = 20_000;
  private static final String KEY = "bench-key";

  /** Less than this of what is published is too little to be measured by. */
  private static final double LEAST = 0.1;

  /** Sockets that listen, in the tables of IPv4 and IPv6: local port, no remote one, state. */
  private static final Pattern LISTENING = Pattern.compile(":([0-9A-F]{4}) 0+:0000 0A ");

  private final Workbench bench;
  private final Path film;

  private RtmpIngest(Workbench bench) throws Exception {
    this.bench = bench;
    this.film = bench.footage().recording(2);
  }

  static Claim claim() {
    return new Claim(
        NAME,
        PUBLISHERS + " encoders publish at 5 Mb/s and are recorded",
        "one ffmpeg -listen 1 for each, recording by copy",
        NO_MORE,
        bench ->
            List.of(
                Figure.ratio(
                    NAME, NO_MORE, new RtmpIngest(bench).compare(), "CPU s per minute of media")));
  }

  private Comparison compare() throws Exception {
    try (FieldProcess field = new FieldProcess(null)) {
      int port = freePorts(1).get(0);
      try (Agent agent = new Agent(bench, field.uri(), port)) {
        bench.progress().say("warming up");
        ours(field, agent, port);
        return Comparison.of(
            ROUNDS, bench.progress(), () -> ours(field, agent, port), this::yardstick);
      }
    }
  }

  private double ours(FieldProcess field, Agent agent, int port) throws Exception {
    List<StreamAssignment> streams = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      String name = "encoder-" + i;
      streams.add(
          Agent.assignment(
              name, new InputSpec(InputSpec.RTMP_TARGET, Set.of(InputUse.RECORD), KEY)));
      addresses.add("rtmp://127.0.0.1:" + port + "/" + name + "/" + KEY);
    }
    field.assign(streams);
    agent.await("all streams wait for their encoders", all -> all.size() == PUBLISHERS);
    awaitListening(List.of(port));
    List<Process> publishers = publish(addresses);
    try {
      agent.await("all encoders publish", RtmpIngest::allDeliver);
      Thread.sleep(SETTLING_MILLIS);
      double recorded = recorded(agent);
      double before = Processor.ours();
      Thread.sleep(WINDOW_MILLIS);
      double cost = Processor.ours() - before;
      double media = recorded(agent) - recorded;
      requireWhole("Ours", media, publishers);
      if (agent.statuses().stream().anyMatch(status -> status.droppedChunks() > 0)) {
        throw new BenchException("Ours dropped chunks");
      }
      return perMinute(cost, media);
    } finally {
      end(publishers);
      agent.awaitNone(field);
    }
  }

  private double yardstick() throws Exception {
    Path folder = bench.emptied("yardstick");
    List<Integer> ports = freePorts(PUBLISHERS);
    List<Process> listeners = new ArrayList<>();
    List<Process> publishers = new ArrayList<>();
    try {
      List<String> addresses = new ArrayList<>();
      for (int i = 0; i < PUBLISHERS; i++) {
        String address = "rtmp://127.0.0.1:" + ports.get(i) + "/encoder-" + i + "/" + KEY;
        addresses.add(address);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-listen", "1", "-i", address, "-map", "0", "-c", "copy"));
        arguments.addAll(List.of("-f", "segment", "-segment_time", "2"));
        arguments.add(folder.resolve(i + "-%d.mp4").toString());
        listeners.add(bench.ffmpeg().start(arguments));
      }
      awaitListening(ports);
      publishers.addAll(publish(addresses));
      awaitFiles(folder);
      Thread.sleep(SETTLING_MILLIS);
      double recorded = recorded(folder);
      double before = cost(listeners);
      Thread.sleep(WINDOW_MILLIS);
      double cost = cost(listeners) - before;
      double media = recorded(folder) - recorded;
      requireWhole("The yardstick", media, publishers);
      return perMinute(cost, media);
    } finally {
      end(publishers);
      end(listeners);
    }
  }

  private List<Process> publish(List<String> addresses) throws IOException {
    List<Process> publishers = new ArrayList<>();
    for (String address : addresses) {
      publishers.add(
          bench
              .ffmpeg()
              .start(
                  List.of(
                      "-re",
                      "-stream_loop",
                      "-1",
                      "-i",
                      film.toString(),
                      "-c",
                      "copy",
                      "-f",
                      "flv",
                      address)));
    }
    return publishers;
  }

  private static boolean allDeliver(List<CaptureStatus> statuses) {
    return statuses.size() == PUBLISHERS && statuses.stream().allMatch(each -> each.chunks() > 0);
  }

  /** Seconds of media, of all encoders together. */
  private static double recorded(Agent agent) {
    return agent.statuses().stream()
        .mapToDouble(status -> (status.positionMicros() - status.startMicros()) / 1e6)
        .sum();
  }

  /** The same, by what has been written: both copy what the film has. */
  private double recorded(Path folder) throws IOException {
    double bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes * Footage.SECONDS / Files.size(film);
  }

  private static double perMinute(double cost, double seconds) {
    return cost * 60 / seconds;
  }

  private static double cost(List<Process> processes) throws IOException {
    double sum = 0;
    for (Process process : processes) {
      sum += Processor.of(process);
    }
    return sum;
  }

  private static void requireWhole(String whose, double media, List<Process> publishers)
      throws BenchException {
    double published = PUBLISHERS * WINDOW_MILLIS / 1_000.0;
    if (media < LEAST * published || !publishers.stream().allMatch(Process::isAlive)) {
      throw new BenchException(
          String.format(
              Locale.ROOT,
              "%s recorded %.0f of %.0f s; the machine is too busy",
              whose,
              media,
              published));
    }
  }

  private static void awaitFiles(Path folder) throws Exception {
    await("the yardstick records all", () -> Workbench.count(folder, "-1.mp4") >= PUBLISHERS);
  }

  /** Without connecting: the yardstick listens for one connection alone. */
  private static void awaitListening(List<Integer> ports) throws Exception {
    await("all listen", () -> listening().containsAll(ports));
  }

  private static Set<Integer> listening() throws IOException {
    Set<Integer> ports = new HashSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path file = Path.of("/proc/net", table);
      Matcher sockets = LISTENING.matcher(Files.exists(file) ? Files.readString(file) : "");
      while (sockets.find()) {
        ports.add(Integer.parseInt(sockets.group(1), 16));
      }
    }
    return ports;
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(String what, Condition condition) throws Exception {
    long end = System.nanoTime() + Agent.patience().toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new BenchException("Not within " + Agent.patience().toSeconds() + " s: " + what);
      }
      Thread.sleep(20);
    }
  }

  private static void end(List<Process> processes) throws InterruptedException {
    processes.forEach(Process::destroy);
    for (Process process : processes) {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /** Free now; all open at once, so that they differ. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0);
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }
}
