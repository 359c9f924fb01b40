package io.sightline.clipper.mediaconvert.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a job reads and writes, as files. */
public interface JobBucket {

  boolean has(String key);

  /** A file that holds what the key names. */
  Path read(String key);

  /** A file that does not exist yet; what lies beside it belongs to it. */
  Path write(String key);

  /** All that was to be written has been. */
  void written();

  /** A folder whose files have the keys as their names. */
  static JobBucket folder(Path folder) {
    return new JobBucket() {
      @Override
      public boolean has(String key) {
        return Files.isRegularFile(read(key));
      }

      @Override
      public Path read(String key) {
        return folder.resolve(key);
      }

      @Override
      public Path write(String key) {
        try {
          Files.createDirectories(folder.resolve(key).getParent());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return folder.resolve(key);
      }

      @Override
      public void written() {}
    };
  }
}
