package io.sightline.replay;

import io.sightline.media.MediaException;
import io.sightline.media.cut.InsertedClip;
import io.sightline.media.encode.Backdrop;
import io.sightline.records.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that requests may name: clips that play between items, before or after them, and
 * pictures that items fade into. Each has been looked at.
 *
 * @param clips by name
 * @param pictures by name
 */
public record TransitionFiles(Map<String, Stored> clips, Map<String, Stored> pictures) {

  /** Without any. */
  public static final TransitionFiles NONE = new TransitionFiles(Map.of(), Map.of());

  private static final long MAX_BYTES = 128_000_000;

  /**
   * A file and where it is stored for whoever makes something of it.
   *
   * @param id names its content, see {@link io.sightline.records.HeldPart#id}
   */
  public record Stored(Path file, String id) {}

  /** Looks at a file; fails with what is wrong. */
  private interface Look {
    void at(Path file, byte[] content) throws MediaException;
  }

  public TransitionFiles {
    clips = Map.copyOf(clips);
    pictures = Map.copyOf(pictures);
  }

  /**
   * Reads files and looks whether they can be used. Blocking.
   *
   * @param clips by name
   * @param pictures by name
   * @throws IllegalArgumentException with the key of a file that cannot be used, and why
   */
  public static TransitionFiles read(Map<String, Path> clips, Map<String, Path> pictures) {
    return new TransitionFiles(
        read("transitions.clips.", clips, "video-", (file, content) -> InsertedClip.check(file)),
        read(
            "transitions.pictures.",
            pictures,
            "picture-",
            (file, content) -> Backdrop.of(content)));
  }

  private static Map<String, Stored> read(
      String key, Map<String, Path> files, String kind, Look look) {
    Map<String, Stored> read = new HashMap<>();
    files.forEach(
        (name, file) -> {
          try {
            if (!Files.isRegularFile(file)) {
              throw new IOException("there is no such file");
            }
            if (Files.size(file) > MAX_BYTES) {
              throw new IOException(
                  "it has " + Files.size(file) + " bytes; " + MAX_BYTES + " are the most");
            }
            byte[] content = Files.readAllBytes(file);
            look.at(file, content);
            read.put(name, new Stored(file, "inserts/" + kind + Ids.digest(content)));
          } catch (MediaException | IOException e) {
            throw new IllegalArgumentException(
                key + name + ": " + file + " cannot be used: " + e.getMessage(), e);
          }
        });
    return read;
  }

  /** All of them, by id. */
  Map<String, Path> byId() {
    Map<String, Path> all = new HashMap<>();
    clips.values().forEach(one -> all.put(one.id(), one.file()));
    pictures.values().forEach(one -> all.put(one.id(), one.file()));
    return all;
  }
}
