package io.sightline.launcher.installation;

import java.nio.file.Path;

/**
 * Where an installation keeps what on this machine.
 *
 * @param data the configured folder, absolute
 */
public record Folders(Path data) {

  public Folders {
    data = data.toAbsolutePath().normalize();
  }

  public Path broker() {
    return data.resolve("broker");
  }

  public Path objects() {
    return data.resolve("objects");
  }

  public Path records() {
    return data.resolve("records.sqlite");
  }
}
