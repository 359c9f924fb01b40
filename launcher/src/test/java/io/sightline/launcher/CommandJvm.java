package io.sightline.launcher;

import io.sightline.bus.broker.BrokerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that runs Sightline, set up as the script does: from jars, and with archives of loaded
 * classes, which make each start cheaper. They are made once for all test processes; without
 * packaged jars there are none.
 */
final class CommandJvm {

  private static final int PREPARE_SECONDS = 120;
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String CLASS_PATH = classPath();
  private static final List<String> ARCHIVES = archives();

  private CommandJvm() {}

  /**
   * @param options for the JVM, besides those of the script
   * @param arguments of the command
   */
  static ProcessBuilder of(List<String> options, List<String> arguments) {
    List<String> all = new ArrayList<>(ARCHIVES);
    all.addAll(options);
    return builder(all, arguments);
  }

  private static ProcessBuilder builder(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add(Main.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", CLASS_PATH);
    return builder;
  }

  /** That of the tests, but with the jar of this module in place of its two folders. */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    try (var jars = Files.list(TARGET.resolve("lib"))) {
      jars.filter(jar -> jar.getFileName().toString().startsWith("launcher-"))
          .map(Path::toString)
          .forEach(entries::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!Path.of(entry).startsWith(TARGET)) {
        entries.add(entry);
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static List<String> archives() {
    boolean jarsOnly =
        List.of(CLASS_PATH.split(File.pathSeparator)).stream()
            .allMatch(entry -> Files.isRegularFile(Path.of(entry)));
    if (!jarsOnly) {
      return List.of();
    }
    Path folder = TARGET.resolve("archives-" + jarsAndJvm());
    Path command = folder.resolve("command.jsa");
    Path broker = folder.resolve("broker.jsa");
    try (FileChannel channel =
            FileChannel.open(
                TARGET.resolve("archives.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!Files.exists(command)) {
        make(Files.createDirectories(folder), command, broker);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the archives were made", e);
    }
    return List.of(
        "-XX:SharedArchiveFile=" + command,
        "-D" + BrokerProcess.JVM_OPTION + "=-XX:SharedArchiveFile=" + broker,
        "-Xlog:cds=off",
        "-Xlog:cds+dynamic=off");
  }

  /** Runs what the script runs for them. */
  private static void make(Path folder, Path command, Path broker)
      throws IOException, InterruptedException {
    Path fresh = folder.resolve("command.new");
    Process process =
        builder(
                List.of(
                    "-XX:ArchiveClassesAtExit=" + fresh,
                    "-D" + BrokerProcess.JVM_OPTION + "=-XX:ArchiveClassesAtExit=" + broker),
                List.of("prepare"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prepare.log").toFile())
            .start();
    if (!process.waitFor(PREPARE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("The archives were not made; see " + folder.resolve("prepare.log"));
    }
    Files.move(fresh, command, StandardCopyOption.ATOMIC_MOVE);
  }

  /** An archive is of use to one JVM and for unchanged jars only. */
  private static String jarsAndJvm() {
    StringBuilder what = new StringBuilder(System.getProperty("java.home"));
    what.append(System.getProperty("java.vm.version"));
    for (String jar : CLASS_PATH.split(File.pathSeparator)) {
      File file = new File(jar);
      what.append(jar).append(file.lastModified()).append(file.length());
    }
    return UUID.nameUUIDFromBytes(what.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
