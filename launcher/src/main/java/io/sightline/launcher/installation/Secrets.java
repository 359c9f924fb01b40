package io.sightline.launcher.installation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sightline.records.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * What this installation made up at its first start, in a file that only its user may read.
 *
 * @param adminToken opens the dashboard and the API
 * @param agentToken lets the capture agent of this installation send
 * @param signingKey signs media paths and sessions, hexadecimal
 */
public record Secrets(
    @JsonProperty("adminToken") String adminToken,
    @JsonProperty("agentToken") String agentToken,
    @JsonProperty("signingKey") String signingKey) {

  private static final String FILE = "secrets.json";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** Reads the secrets of a data folder; makes them when there are none. */
  public static Secrets of(Path data) throws IOException {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      Files.createDirectories(data);
      create(data, file);
    }
    return Json.decode(Files.readAllBytes(file), Secrets.class);
  }

  /** Written beside and linked into place: roles that start together all read the same ones. */
  private static void create(Path data, Path file) throws IOException {
    Secrets fresh = new Secrets(random(), random(), random());
    Path draft = Files.createTempFile(data, FILE, ".new", ownerOnly(data));
    try {
      Files.write(draft, Json.encode(fresh), StandardOpenOption.SYNC);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      // Another role of this installation was first; its secrets hold.
      return;
    } finally {
      Files.delete(draft);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path data) {
    return data.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "Secrets[not shown]";
  }
}
