package io.sightline.analyzer.models;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The folder that holds pulled models, as {@code NAME.onnx}.
 *
 * @param path need not exist yet
 */
public record ModelFolder(Path path) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** Where the model of that name lies once it is there. */
  public Path fileOf(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "The model name '" + name + "' must be made of a-z, 0-9 and '-', such as 'yolox-nano'");
    }
    return path.resolve(name + ".onnx");
  }

  /**
   * The file that a setting means: a name of a model here, or the path of a file.
   *
   * @throws IllegalArgumentException when there is no such file, saying how to get it
   */
  public Path find(String model) {
    if (NAME.matcher(model).matches() && Files.isRegularFile(fileOf(model))) {
      return fileOf(model);
    }
    Path file;
    try {
      file = Path.of(model);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + model + "' is neither a model's name nor a path", e);
    }
    if (Files.isRegularFile(file)) {
      return file;
    }
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("The model '" + model + "' is a folder, not a file");
    }
    if (ModelCatalogue.find(model).isPresent()) {
      throw new IllegalArgumentException(
          "The model '"
              + model
              + "' is not in "
              + path
              + " yet; fetch it with: sightline models pull "
              + model);
    }
    throw new IllegalArgumentException(
        "There is no model '"
            + model
            + "': neither a file of that path nor one in "
            + path
            + "; known by name: "
            + ModelCatalogue.names());
  }
}
