package io.sightline.clipper;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.NewObject;
import io.sightline.media.picture.Thumbnail;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.TrackInfo;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectPage;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The objects of one clip: {@code clips/{clip}/…}, or of a replay's or part's in a folder of their
 * own. Blocking, so not for Vert.x threads; several threads at once.
 */
public final class ClipFolder {

  private static final long TIMEOUT_SECONDS = 120;
  private static final long LEAST_BYTES_A_SECOND = 2_000_000;
  private static final String MP4 = "video/mp4";
  private static final int LISTED = 1000;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final String folder;
  private final BooleanSupplier stopping;
  private final ByteSource bytes;

  public ClipFolder(Vertx vertx, ObjectStore objects, String clip) {
    this(vertx, objects, clip, () -> false);
  }

  /**
   * @param stopping whether what is being made is to be given up: nothing is read then
   */
  public ClipFolder(Vertx vertx, ObjectStore objects, String clip, BooleanSupplier stopping) {
    this(stopping, vertx, objects, "clips/" + clip + "/");
  }

  private ClipFolder(BooleanSupplier stopping, Vertx vertx, ObjectStore objects, String folder) {
    this.stopping = stopping;
    this.vertx = vertx;
    this.objects = objects;
    this.folder = folder;
    this.bytes = this::read;
  }

  /**
   * Any other folder.
   *
   * @param key ends with a slash
   * @param stopping as above
   */
  public static ClipFolder at(
      Vertx vertx, ObjectStore objects, String key, BooleanSupplier stopping) {
    return new ClipFolder(stopping, vertx, objects, key);
  }

  /** The key of an object of this clip. */
  public String key(String name) {
    return folder + name;
  }

  /** Reads any object, recorded ones too. */
  public ByteSource bytes() {
    return bytes;
  }

  /** Stores a piece under its own key. */
  public void put(NewObject piece) throws IOException {
    store(piece.key(), piece.content(), MP4);
  }

  /** Stores a small object; returns its key. */
  public String put(String name, byte[] content, String contentType) throws IOException {
    store(key(name), content, contentType);
    return key(name);
  }

  /** Stores the index; returns its key. */
  public String index(ClipIndex index) throws IOException {
    return put("index.json", Json.encode(index), "application/json");
  }

  /** A small object; empty when there is none. */
  public Optional<byte[]> find(String name) throws IOException {
    try {
      return Optional.of(await(objects.get(key(name))).getBytes());
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.NOT_FOUND) {
        return Optional.empty();
      }
      throw new IOException("Cannot read " + key(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Stores the first picture at or after mark-in with which a decoder can start.
   *
   * @return its key; null without pictures
   */
  public String thumbnail(ClipIndex index, long markIn, int width)
      throws MediaException, IOException {
    Optional<TrackInfo> video =
        index.tracks().stream().filter(track -> track.kind() == TrackInfo.Kind.VIDEO).findFirst();
    if (video.isEmpty()) {
      return null;
    }
    List<ClipIndex.Piece> starts =
        index.pieces().stream()
            .filter(piece -> piece.track() == video.get().track() && piece.independent())
            .toList();
    ClipIndex.Piece chosen =
        starts.stream()
            .filter(piece -> piece.positionMicros() >= markIn)
            .findFirst()
            .orElse(starts.get(starts.size() - 1));
    byte[] picture =
        Thumbnail.of(
            bytes.read(video.get().initKey(), 0, -1),
            bytes.read(chosen.key(), chosen.offset(), chosen.length()),
            width);
    return put("thumbnail.jpg", picture, "image/jpeg");
  }

  /** Stores an index's media as one progressive MP4; returns its key. */
  public String mp4(String name, ClipIndex index) throws MediaException, IOException {
    return mp4(name, index, bytes);
  }

  /**
   * The same, of an index that names what is no object.
   *
   * @param media where the index's objects are
   */
  public String mp4(String name, ClipIndex index, ByteSource media)
      throws MediaException, IOException {
    Path draft = Files.createTempFile("sightline-clip", ".mp4");
    try {
      try (OutputStream out = Files.newOutputStream(draft)) {
        Mp4File.write(index, media, out);
      }
      String key = key(name);
      await(
          vertx
              .fileSystem()
              .open(draft.toString(), new OpenOptions().setRead(true).setWrite(false))
              .compose(file -> objects.put(key, file, MP4).eventually(file::close)),
          secondsFor(Files.size(draft)));
      return key;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Copies an object of this clip into a new file. */
  public void copy(String name, Path file) throws IOException {
    try {
      long size = await(objects.head(key(name))).sizeBytes();
      await(
          objects
              .read(key(name), 0, -1)
              .compose(
                  content ->
                      vertx
                          .fileSystem()
                          .open(file.toString(), new OpenOptions().setCreateNew(true))
                          .compose(content::pipeTo)
                          .eventually(content::close)),
          secondsFor(size));
    } catch (StorageException e) {
      throw new IOException("Cannot read " + key(name) + ": " + e.getMessage(), e);
    }
  }

  /** Deletes an object of this clip; nothing when there is none. */
  public void delete(String name) throws IOException {
    try {
      await(objects.delete(key(name)));
    } catch (StorageException e) {
      throw new IOException("Cannot delete " + key(name) + ": " + e.getMessage(), e);
    }
  }

  /** Deletes all objects of this clip. */
  public void delete() throws IOException {
    for (String name : names("")) {
      delete(name);
    }
  }

  /** The names that begin so, of all objects of this clip. */
  public List<String> names(String beginning) throws IOException {
    List<String> names = new ArrayList<>();
    String after = null;
    do {
      ObjectPage page;
      try {
        page = await(objects.list(key(beginning), after, LISTED));
      } catch (StorageException e) {
        throw new IOException("Cannot list " + key(beginning) + ": " + e.getMessage(), e);
      }
      for (ObjectInfo object : page.objects()) {
        names.add(object.key().substring(folder.length()));
      }
      after = page.next();
    } while (after != null);
    return names;
  }

  private void store(String key, byte[] content, String contentType) throws IOException {
    try {
      await(objects.put(key, Buffer.buffer(content), contentType));
    } catch (StorageException e) {
      throw new IOException("Cannot store " + key + ": " + e.getMessage(), e);
    }
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    if (stopping.getAsBoolean()) {
      throw new IOException("The clipper stops");
    }
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (StorageException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }

  /** A film is more than a clip. */
  private static long secondsFor(long bytes) {
    return TIMEOUT_SECONDS + bytes / LEAST_BYTES_A_SECOND;
  }

  private static <T> T await(Future<T> future) throws IOException {
    return await(future, TIMEOUT_SECONDS);
  }

  private static <T> T await(Future<T> future, long seconds) throws IOException {
    try {
      return future.await(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("Objects took longer than " + seconds + " s", e);
    }
  }
}
