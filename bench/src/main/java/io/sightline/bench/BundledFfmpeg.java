package io.sightline.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.javacpp.Loader;

/**
 * The {@code ffmpeg} program that comes with the product's FFmpeg: the yardstick, and the maker of
 * footage.
 *
 * <p>It is linked with desktop libraries for devices that nobody uses here. Where one is not
 * installed, a library that is always there stands in under its name: its functions are looked up
 * when called, which never happens.
 */
public final class BundledFfmpeg {

  private static final int MAX_STAND_INS = 8;
  private static final long LIMIT_SECONDS = 600;
  private static final int LAST_LINES = 3;
  private static final Pattern STAND_IN_NOISE = Pattern.compile("no version information available");
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("error while loading shared libraries: (lib[\\w.+-]+): cannot open");

  private final String program = Loader.load(ffmpeg.class);
  private final Path standIns;
  private final Path logs;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private int started;

  BundledFfmpeg(Path folder) throws IOException, InterruptedException, BenchException {
    standIns = Files.createDirectories(folder.resolve("stand-ins"));
    logs = Files.createDirectories(folder.resolve("logs"));
    for (int attempt = 0; ; attempt++) {
      Path log = logs.resolve("version.txt");
      int code = launch(List.of("-version"), log).waitFor();
      Matcher missing = MISSING_LIBRARY.matcher(Files.readString(log));
      if (code == 0) {
        return;
      }
      if (!missing.find() || attempt == MAX_STAND_INS) {
        throw new BenchException("The bundled ffmpeg does not start: " + lastLines(log));
      }
      Path any = Path.of(program).resolveSibling("libdrm.so.2");
      Files.createSymbolicLink(standIns.resolve(missing.group(1)), any);
    }
  }

  /** Runs it to its end. */
  public void run(List<String> arguments) throws Exception {
    Path log = nextLog();
    if (end(launch(withUsual("error", arguments), log), arguments) != 0) {
      throw new BenchException("ffmpeg failed: " + arguments + ": " + lastLines(log));
    }
  }

  /** Runs it to its end, and tells what it warns of or fails with; empty when all is well. */
  public List<String> complaints(List<String> arguments) throws Exception {
    Path log = nextLog();
    int code = end(launch(withUsual("warning", arguments), log), arguments);
    List<String> said = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      if (!line.isBlank() && !STAND_IN_NOISE.matcher(line).find()) {
        said.add(line);
      }
    }
    Files.delete(log);
    if (code != 0 && said.isEmpty()) {
      said.add("ffmpeg ended with exit code " + code);
    }
    return said;
  }

  private static int end(Process process, List<String> arguments) throws Exception {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new BenchException("ffmpeg took more than " + LIMIT_SECONDS + " s: " + arguments);
    }
    return process.exitValue();
  }

  /** Starts it; whoever asks for it also ends it. */
  public Process start(List<String> arguments) throws IOException {
    return launch(withUsual("error", arguments), nextLog());
  }

  /** Ends all that are still running: some would wait for somebody for ever. */
  void endAll() {
    running.forEach(Process::destroyForcibly);
    running.forEach(process -> process.onExit().join());
  }

  private synchronized Path nextLog() {
    return logs.resolve("ffmpeg-" + ++started + ".txt");
  }

  private static List<String> withUsual(String level, List<String> arguments) {
    List<String> all = new ArrayList<>();
    all.addAll(List.of("-nostdin", "-hide_banner", "-nostats", "-loglevel", level, "-y"));
    all.addAll(arguments);
    return all;
  }

  private Process launch(List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    String folders = Path.of(program).getParent() + File.pathSeparator + standIns;
    builder.environment().put("LD_LIBRARY_PATH", folders);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    running.add(process);
    process.onExit().thenAccept(running::remove);
    return process;
  }

  private static String lastLines(Path log) throws IOException {
    String[] lines = Files.readString(log, StandardCharsets.UTF_8).strip().split("\\R");
    int from = Math.max(0, lines.length - LAST_LINES);
    return String.join("; ", Arrays.asList(lines).subList(from, lines.length));
  }
}
