package io.sightline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The processors that this process may run on, parted for a while between it and another: what is
 * measured then runs on its own, and what surrounds it on the others. By {@code taskset} of
 * util-linux; where that is missing, or there is only one processor, both share all.
 */
public final class Cores implements AutoCloseable {

  private static final String ALLOWED = "Cpus_allowed_list:";

  private final List<Integer> all;
  private final int ours;

  private Cores(List<Integer> all, int ours) {
    this.all = all;
    this.ours = ours;
  }

  /** Gives the first half to this process and the rest to the other. */
  public static Cores part(Process other) throws IOException, InterruptedException {
    List<Integer> all = allowed();
    int half = all.size() / 2;
    boolean parted =
        half > 0
            && bind(other.pid(), all.subList(half, all.size()))
            && bind(ProcessHandle.current().pid(), all.subList(0, half));
    return new Cores(all, parted ? half : all.size());
  }

  /** How many processors are this process's. */
  public int ours() {
    return ours;
  }

  /** Whether nobody else of the measurement runs on them. */
  public boolean alone() {
    return ours < all.size();
  }

  /** Gives this process all of them back. */
  @Override
  public void close() throws IOException, InterruptedException {
    if (alone()) {
      bind(ProcessHandle.current().pid(), all);
    }
  }

  private static boolean bind(long pid, List<Integer> processors)
      throws IOException, InterruptedException {
    String list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
    try {
      return new ProcessBuilder("taskset", "-a", "-c", "-p", list, Long.toString(pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noTaskset) {
      return false;
    }
  }

  private static List<Integer> allowed() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(ALLOWED)) {
        return parse(line.substring(ALLOWED.length()).strip());
      }
    }
    return IntStream.range(0, Runtime.getRuntime().availableProcessors()).boxed().toList();
  }

  /**
   * @param list as in {@code 0-3,8}
   */
  static List<Integer> parse(String list) {
    List<Integer> all = new ArrayList<>();
    for (String range : list.split(",")) {
      String[] ends = range.split("-");
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int processor = Integer.parseInt(ends[0]); processor <= last; processor++) {
        all.add(processor);
      }
    }
    return all;
  }
}
