package io.sightline.launcher.roles;

import io.sightline.launcher.Main;
import io.sightline.records.Json;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A worker of capture: this program again, with a share of the streams. It ends when its standard
 * input does, so also when this process dies for whatever reason. What it says goes where this
 * process's goes.
 */
final class WorkerProcess {

  /**
   * What belongs to this process alone: who debugs or profiles it, and what it writes at its end.
   */
  private static final List<String> OWN_OPTIONS =
      List.of(
          "-agentlib:",
          "-agentpath:",
          "-javaagent:",
          "-Xrun",
          "-XX:ArchiveClassesAtExit",
          "-Dcom.sun.management",
          "-Dsightline.broker");

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Blocks for a moment.
   *
   * @param arguments of its command line but for its share, the role first
   */
  static WorkerProcess start(List<String> arguments, Worker worker) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> OWN_OPTIONS.stream().noneMatch(option::startsWith))
        .forEach(command::add);
    command.add(Main.class.getName());
    command.addAll(arguments);
    command.addAll(List.of(RoleCommand.WORKER, worker.name()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // As an argument it would be longer than what some native libraries bear in a command line.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    try {
      OutputStream in = process.getOutputStream();
      String destination = Json.MAPPER.writeValueAsString(worker.destination());
      in.write((destination + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
      return new WorkerProcess(process);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Completes with its exit code when it has ended, wanted or not. */
  CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  long pid() {
    return process.pid();
  }

  /** Asks for a clean end. */
  void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Then it has ended.
    }
  }

  void kill() {
    process.destroyForcibly();
  }
}
