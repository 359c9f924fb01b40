package io.sightline.launcher.process;

import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link TestVideo} as a camera might see it: its counter, an eighth of the picture that changes
 * all the time, is covered but for one dot in the middle of each digit, which can still be read.
 */
public final class CountedFilm {

  private static final int DIGITS = 16;
  private static final int DOT = 8;

  private CountedFilm() {}

  /** Writes it into a file whose name says the container; sound is copied. */
  public static Path write(TestVideo video, Path file) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-i", video.file().toString(), "-vf", cover(video)));
    arguments.addAll(List.of("-c:v", "libopenh264", "-b:v", "1M", "-rc_mode", "bitrate"));
    arguments.addAll(List.of("-g", "" + video.gop(), "-c:a", "copy", file.toString()));
    return made(arguments, file);
  }

  /** The same pictures with other sound: one track for each expression, of the time {@code t}. */
  static Path withSounds(Path film, Path file, String... expressions) {
    List<String> arguments = new ArrayList<>(List.of("-i", film.toString()));
    for (String expression : expressions) {
      arguments.addAll(List.of("-f", "lavfi", "-i", "aevalsrc='" + expression + "':s=48000"));
    }
    arguments.addAll(List.of("-map", "0:v", "-c:v", "copy", "-c:a", "aac", "-b:a", "96k"));
    for (int track = 1; track <= expressions.length; track++) {
      arguments.addAll(List.of("-map", track + ":a"));
    }
    arguments.addAll(List.of("-shortest", file.toString()));
    return made(arguments, file);
  }

  private static Path made(List<String> arguments, Path file) {
    FfmpegProgram.Result result = FfmpegProgram.ffmpeg(arguments);
    if (result.exitCode() != 0) {
      throw new IllegalStateException("Cannot make " + file + ": " + result.errors());
    }
    return file;
  }

  /** What is left of a file that breaks off. */
  static Path breakOff(Path whole, double part) throws IOException {
    byte[] bytes = Files.readAllBytes(whole);
    Path broken = whole.resolveSibling("broken-" + whole.getFileName());
    return Files.write(broken, java.util.Arrays.copyOf(bytes, (int) (bytes.length * part)));
  }

  private static String cover(TestVideo video) {
    int strip = video.height() / 8;
    int digit = video.width() / DIGITS;
    int above = strip / 2 - DOT / 2;
    List<String> boxes = new ArrayList<>();
    boxes.add(box(0, 0, video.width(), above));
    boxes.add(box(0, above + DOT, video.width(), strip - above - DOT));
    int from = 0;
    for (int i = 0; i < DIGITS; i++) {
      int dot = i * digit + digit / 2 - DOT / 2;
      boxes.add(box(from, above, dot - from, DOT));
      from = dot + DOT;
    }
    boxes.add(box(from, above, video.width() - from, DOT));
    return String.join(",", boxes);
  }

  private static String box(int x, int y, int width, int height) {
    return "drawbox=x=%d:y=%d:w=%d:h=%d:color=gray:t=fill".formatted(x, y, width, height);
  }
}
