package io.sightline.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The {@code ffmpeg} that is installed on this machine, if one is. It makes footage for which the
 * bundled one has no encoder: H.264 with B-pictures, HEVC.
 */
public final class SystemFfmpeg {

  private static final long LIMIT_SECONDS = 120;

  private final Path program;
  private final List<String> encoders;

  private SystemFfmpeg(Path program, List<String> encoders) {
    this.program = program;
    this.encoders = encoders;
  }

  static Optional<SystemFfmpeg> find() throws IOException, InterruptedException, BenchException {
    Optional<Path> program =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "ffmpeg"))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Optional.empty();
    }
    List<String> encoders = new ArrayList<>();
    for (String line : run(program.get(), List.of("-encoders")).lines().toList()) {
      String[] words = line.strip().split("\\s+");
      if (words.length > 1) {
        encoders.add(words[1]);
      }
    }
    return Optional.of(new SystemFfmpeg(program.get(), encoders));
  }

  /**
   * @param encoder as FFmpeg names it
   */
  public boolean has(String encoder) {
    return encoders.contains(encoder);
  }

  /** Runs it to its end. */
  public void run(List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-nostats", "-loglevel", "error", "-y"));
    all.addAll(arguments);
    run(program, all);
  }

  private static String run(Path program, List<String> arguments)
      throws IOException, InterruptedException, BenchException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-nostdin", "-hide_banner"));
    command.addAll(arguments);
    Path said = Files.createTempFile("sightline-ffmpeg", ".txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new BenchException("ffmpeg failed: " + command + ": " + Files.readString(said));
      }
      return Files.readString(said, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      Files.delete(said);
    }
  }
}
