package io.sightline.launcher;

import io.sightline.clipper.mediaconvert.testing.JobBucket;
import io.sightline.storage.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What jobs of MediaConvert read and write, in S3. */
final class S3JobBucket implements JobBucket {

  private final S3Server s3;
  private final String name;
  private final Path inputs;
  private final Path outputs;

  /**
   * @param work a folder for files under way
   */
  S3JobBucket(S3Server s3, String name, Path work) {
    this.s3 = s3;
    this.name = name;
    this.inputs = work.resolve("inputs");
    this.outputs = work.resolve("outputs");
  }

  @Override
  public boolean has(String key) {
    return s3.names(name).contains(key);
  }

  @Override
  public Path read(String key) {
    Path file = folderOf(inputs.resolve(key));
    s3.client().getObject(request -> request.bucket(name).key(key), file);
    return file;
  }

  @Override
  public Path write(String key) {
    return folderOf(outputs.resolve(key));
  }

  @Override
  public void written() {
    try (Stream<Path> files = Files.walk(outputs)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = outputs.relativize(file).toString();
        s3.client().putObject(request -> request.bucket(name).key(key), file);
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folderOf(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
