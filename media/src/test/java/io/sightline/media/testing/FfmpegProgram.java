package io.sightline.media.testing;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.ffmpeg.ffprobe;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Assumptions;

/**
 * The {@code ffmpeg} and {@code ffprobe} programs that the FFmpeg jar ships: the yardstick and the
 * judge of media tests.
 *
 * <p>They are linked with desktop libraries (xcb, asound, pulse) for devices that no test uses.
 * Where one is not installed, a library that is always there stands in under its name: its
 * functions are looked up when called, which never happens.
 */
public final class FfmpegProgram {

  /** The pool that everybody shares may have one thread, which another blocks. */
  private static final Executor OWN_THREAD = task -> new Thread(task).start();

  private static final long LIMIT_SECONDS = 120;
  private static final int MAX_STAND_INS = 8;
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("error while loading shared libraries: (lib[\\w.+-]+): cannot open");
  private static final Pattern STAND_IN_NOISE = Pattern.compile("no version information available");

  private static Path standIns;

  /**
   * What a run left behind.
   *
   * @param output bytes of its standard output
   * @param errors lines of its standard error
   */
  public record Result(int exitCode, byte[] output, List<String> errors) {

    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /** Writes what a program reads from its standard input. */
  public interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  private FfmpegProgram() {}

  /** Runs {@code ffmpeg}; the result may be a failure. */
  public static Result ffmpeg(List<String> arguments) {
    return ffmpeg(arguments, out -> {});
  }

  /** Runs {@code ffmpeg} with something on its standard input; the result may be a failure. */
  public static Result ffmpeg(List<String> arguments, Input input) {
    List<String> command = new ArrayList<>();
    command.add(path(ffmpeg.class));
    command.addAll(List.of("-hide_banner", "-nostats", "-loglevel", "warning", "-y"));
    command.addAll(arguments);
    return run(command, input);
  }

  /** A program that runs on until it is closed. */
  public record Running(Process process) implements AutoCloseable {

    /** Kills it. */
    @Override
    public void close() {
      process.destroyForcibly();
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Starts {@code ffmpeg} and lets it run. */
  public static Running start(List<String> arguments) {
    // Finds out what has to stand in for libraries that are not there.
    ffmpeg(List.of("-version"));
    List<String> command = new ArrayList<>();
    command.add(path(ffmpeg.class));
    command.addAll(List.of("-hide_banner", "-nostats", "-loglevel", "warning", "-y"));
    command.addAll(arguments);
    try {
      return new Running(
          builder(command, true)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@code ffprobe}; the result may be a failure. */
  public static Result ffprobe(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(path(ffprobe.class));
    command.addAll(List.of("-hide_banner", "-loglevel", "error"));
    command.addAll(List.of(arguments));
    return run(command, out -> {});
  }

  /**
   * Decodes everything in a file or behind a URL.
   *
   * @return the errors and warnings that are about the media; empty when it is clean
   */
  public static List<String> decodesCleanly(Object pathOrUrl) {
    Result result =
        ffmpeg(
            List.of(
                "-xerror",
                "-err_detect",
                "crccheck+bitstream+buffer+explode",
                "-i",
                pathOrUrl.toString(),
                "-map",
                "0",
                "-f",
                "null",
                "-"));
    List<String> errors = new ArrayList<>(result.errors());
    if (result.exitCode() != 0 && errors.isEmpty()) {
      errors.add("ffmpeg ended with exit code " + result.exitCode());
    }
    return errors;
  }

  /**
   * Skips the test, saying why, where the system's own {@code ffmpeg} is not installed. The bundled
   * one lacks the encoders x264 and x265, which make what it cannot: B-pictures in H.264, HEVC.
   */
  public static void assumeSystemProgram() {
    Assumptions.assumeTrue(
        systemProgram().isPresent(),
        "Skipped: no ffmpeg is installed (apt install ffmpeg), which makes H.264 with B-pictures");
  }

  /** Runs {@code ffmpeg}, the system's own where its encoders are needed; throws when it fails. */
  public static void make(List<String> arguments, Input input) {
    boolean system = arguments.contains("libx264") || arguments.contains("libx265");
    Result result = system ? systemFfmpeg(arguments, input) : ffmpeg(arguments, input);
    if (result.exitCode() != 0) {
      throw new IllegalStateException(
          "ffmpeg " + String.join(" ", arguments) + " failed: " + result.errors());
    }
  }

  private static Result systemFfmpeg(List<String> arguments, Input input) {
    List<String> command = new ArrayList<>();
    command.add(systemProgram().orElseThrow().toString());
    command.addAll(List.of("-hide_banner", "-nostats", "-loglevel", "error", "-y"));
    command.addAll(arguments);
    return runOnce(command, input, false);
  }

  private static Optional<Path> systemProgram() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "ffmpeg"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String path(Class<?> program) {
    return Loader.load(program);
  }

  private static Result run(List<String> command, Input input) {
    for (int attempt = 0; ; attempt++) {
      Result result = runOnce(command, input, true);
      String library = missingLibrary(result);
      if (library == null || attempt == MAX_STAND_INS) {
        return result;
      }
      standIn(library, Path.of(command.get(0)).resolveSibling("libdrm.so.2"));
    }
  }

  private static ProcessBuilder builder(List<String> command, boolean bundled) {
    ProcessBuilder builder = new ProcessBuilder(command);
    String folders = Path.of(command.get(0)).getParent().toString();
    synchronized (FfmpegProgram.class) {
      if (bundled) {
        builder
            .environment()
            .put("LD_LIBRARY_PATH", standIns == null ? folders : folders + ":" + standIns);
      }
    }
    return builder;
  }

  private static Result runOnce(List<String> command, Input input, boolean bundled) {
    try {
      Process process = builder(command, bundled).start();
      var output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), OWN_THREAD);
      var errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), OWN_THREAD);
      try (OutputStream out = process.getOutputStream()) {
        input.writeTo(out);
      } catch (IOException e) {
        // The program closed its end; its exit code and its errors say why.
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("Took more than " + LIMIT_SECONDS + " s: " + command);
      }
      return new Result(process.exitValue(), output.join(), lines(errors.join()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while running " + command, e);
    }
  }

  private static String missingLibrary(Result result) {
    for (String line : result.errors()) {
      Matcher matcher = MISSING_LIBRARY.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
    return null;
  }

  private static synchronized void standIn(String library, Path any) {
    try {
      if (standIns == null) {
        standIns = Files.createTempDirectory("ffmpeg-stand-ins");
        standIns.toFile().deleteOnExit();
      }
      Path link = standIns.resolve(library);
      if (!Files.exists(link)) {
        Files.createSymbolicLink(link, any);
        link.toFile().deleteOnExit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(InputStream in) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      in.transferTo(bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.isBlank() && !STAND_IN_NOISE.matcher(line).find())
        .collect(Collectors.toList());
  }
}
