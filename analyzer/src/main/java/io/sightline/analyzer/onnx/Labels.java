package io.sightline.analyzer.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The names of a model's classes, in their order. */
final class Labels {

  static final List<String> COCO = builtIn("coco.txt");

  private static final long MAX_BYTES = 1_000_000;

  private Labels() {}

  /**
   * @param file one name a line; empty lines at the end do not count
   * @throws IllegalArgumentException when it cannot be read
   */
  static List<String> read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("There is no labels file " + file);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "The labels file " + file + " has more than " + MAX_BYTES + " bytes");
      }
      List<String> names = lines(Files.readString(file));
      if (names.stream().anyMatch(String::isEmpty)) {
        throw new IllegalArgumentException(
            "The labels file " + file + " has an empty line between its names");
      }
      return names;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The labels file " + file + " is no UTF-8 text", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("The labels file " + file + " cannot be read: " + e, e);
    }
  }

  private static List<String> lines(String text) {
    return text.stripTrailing().lines().map(String::strip).toList();
  }

  private static List<String> builtIn(String resource) {
    try (InputStream in = Labels.class.getResourceAsStream(resource)) {
      return lines(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
