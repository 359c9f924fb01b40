package io.sightline.replay.publish;

import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.records.ClipIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes files of reels to where they are published. Media never changes under its name, so what
 * this process has written is not written again. Blocking; one thread but for {@link #stop}.
 */
final class ReelFiles {

  private static final int MAX_REMEMBERED = 100;

  private final PublishTarget target;
  private final ByteSource objects;
  private volatile boolean stopping;

  /** Media that is there, by folder. */
  private final Map<String, Set<String>> written =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  ReelFiles(PublishTarget target, ByteSource objects) {
    this.target = target;
    this.objects = objects;
  }

  /** What is being written is given up with the next file. Any thread. */
  void stop() {
    stopping = true;
  }

  /**
   * All that the playlists of a reel name.
   *
   * @param folder ends with a slash
   * @param ended whether nothing more can come
   * @param copied told of each that is there
   */
  void putMedia(String folder, ClipIndex reel, boolean ended, CopiedFiles copied)
      throws IOException, MediaException {
    Set<String> there = written.computeIfAbsent(folder, key -> new HashSet<>());
    for (String name : ReelPlaylists.mediaNames(reel, ended)) {
      if (!there.contains(name)) {
        put(folder + name, file(reel, name, ended), false);
        there.add(name);
      }
      copied.next();
    }
  }

  void putPlaylists(String folder, ClipIndex reel, boolean ended)
      throws IOException, MediaException {
    for (String name : ReelPlaylists.playlistNames(reel)) {
      put(folder + name, file(reel, name, ended), true);
    }
  }

  void putMaster(String name, String text) throws IOException {
    put(name, text.getBytes(StandardCharsets.UTF_8), ReelPlaylists.PLAYLIST_TYPE);
  }

  /** What may become another under the same name. */
  void put(String name, byte[] content, String type) throws IOException {
    put(name, content.length, () -> new ByteArrayInputStream(content), type, true);
  }

  /** A file that is composed of stored parts. */
  void put(String name, ReelFile file, boolean changes) throws IOException {
    put(
        name,
        file.length(),
        () -> new PartsInput(file.parts(), objects),
        file.contentType(),
        changes);
  }

  /** A stored object, which never changes. */
  void put(String name, String key, long length, String type) throws IOException {
    put(name, length, () -> new ObjectInput(objects, key, 0, length), type, false);
  }

  private void put(
      String name, long length, Supplier<InputStream> opened, String type, boolean changes)
      throws IOException {
    if (stopping) {
      throw new IOException("Publishing stops");
    }
    PublishTarget.Content content =
        new PublishTarget.Content() {
          @Override
          public long length() {
            return length;
          }

          @Override
          public InputStream open() {
            return opened.get();
          }
        };
    target.put(name, content, type, changes);
  }

  /** Deletes all below a folder, or a file; nothing when there is none. */
  void delete(String name) throws IOException {
    written.keySet().removeIf(folder -> folder.startsWith(name));
    target.delete(name);
  }

  private ReelFile file(ClipIndex reel, String name, boolean ended)
      throws IOException, MediaException {
    return ReelPlaylists.file(reel, name, ended, objects)
        .orElseThrow(() -> new IOException("The reel has no file " + name));
  }
}
