package io.sightline.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time, in seconds: user and system, of all threads, native ones included. */
public final class Processor {

  /** Of the numbers in {@code /proc/PID/stat}; the same on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Where they lie behind the name of the program: {@code utime}, then {@code cutime}. */
  private static final int OWN = 11;

  private static final int CHILDREN = 13;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private Processor() {}

  /** Whether this machine tells what is asked here. */
  public static boolean tells() {
    return Files.isReadable(Path.of("/proc/self/stat"));
  }

  /** Of this process so far. */
  public static double ours() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /** Of all children of this process that have ended and been waited for, so far. */
  public static double endedChildren() throws IOException {
    return seconds(Path.of("/proc/self/stat"), CHILDREN);
  }

  /** Of a running process so far. */
  public static double of(Process process) throws IOException {
    return seconds(Path.of("/proc", Long.toString(process.pid()), "stat"), OWN);
  }

  private static double seconds(Path stat, int first) throws IOException {
    String line = Files.readString(stat);
    // The name of the program may hold spaces and brackets.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[first]) + Long.parseLong(fields[first + 1])) / TICKS_PER_SECOND;
  }
}
