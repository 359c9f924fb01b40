package io.sightline.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The {@code sightline} command as people use it: arguments in, text and an exit code out. */
public final class Command {

  /** The pool that everybody shares may have one thread, which another blocks. */
  private static final Executor OWN_THREAD = task -> new Thread(task).start();

  private static final long LIMIT_SECONDS = 180;

  private Command() {}

  /** What came of it. */
  public record Result(int exitCode, String out, String err) {

    /** The lines of standard error that say something. */
    public List<String> errors() {
      return err.lines().filter(line -> !line.isBlank()).toList();
    }
  }

  /** In a process of its own, as a terminal would start it in that folder. */
  public static Result run(Path folder, Object... arguments) {
    Process process = start(folder, arguments);
    try {
      process.getOutputStream().close();
      return result(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, still running. */
  public static Process start(Path folder, Object... arguments) {
    List<String> words = Stream.of(arguments).map(Object::toString).toList();
    ProcessBuilder builder = CommandJvm.of(List.of(), words).directory(folder.toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end. */
  public static Result result(Process process) {
    var out = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), OWN_THREAD);
    var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), OWN_THREAD);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "Took more than " + LIMIT_SECONDS + " s; it said: " + out.join() + err.join());
      }
      return new Result(process.exitValue(), out.join(), err.join());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the command ran", e);
    }
  }

  /** In this process, for what starts nothing: much faster. */
  public static Result here(Object... arguments) {
    return here(SightlineCommand.line(), arguments);
  }

  static Result here(CommandLine line, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exitCode = line.execute(words);
    return new Result(exitCode, out.toString(), err.toString());
  }

  private static String read(InputStream in) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return bytes.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
