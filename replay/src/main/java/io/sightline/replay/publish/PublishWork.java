package io.sightline.replay.publish;

import io.sightline.bus.TransientException;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Published;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one replay's copy up to date. A version has a folder of its own, in which files are only
 * ever added and playlists only grow; media comes first, then the playlists that name it, then the
 * master playlist, which stands beside the folders and leads to the newest. So whatever a player
 * reads is there, also after a kill between any two steps. Doing it again changes nothing.
 * Blocking; one call at a time.
 */
final class PublishWork {

  private static final Logger LOG = LoggerFactory.getLogger(PublishWork.class);

  private static final long TIMEOUT_SECONDS = 120;
  private static final int MAX_REMEMBERED = 100;

  /** The version before is still being played. */
  private static final int VERSIONS_KEPT = 2;

  private final PublishPlace place;
  private final PublishTarget target;
  private final ObjectStore objects;
  private final Records<Replay> replays;
  private final Records<ReplayItem> items;
  private final Records<Clip> clips;
  private final Records<Published> published;
  private final Clock clock;
  private volatile boolean stopping;

  /** Media that this process has copied, by the folder of a version; it need not be again. */
  private final Map<String, Set<String>> copied =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  PublishWork(
      PublishPlace place,
      PublishTarget target,
      ObjectStore objects,
      RecordStore records,
      Clock clock) {
    this.place = place;
    this.target = target;
    this.objects = objects;
    this.replays = Records.of(records, Replay.class);
    this.items = Records.of(records, ReplayItem.class);
    this.clips = Records.of(records, Clip.class);
    this.published = Records.of(records, Published.class);
    this.clock = clock;
  }

  /** What is being copied is given up with the next file. Any thread. */
  void stop() {
    stopping = true;
  }

  /**
   * @throws TransientException when storage or the target may take it later, or the work was
   *     stopped
   */
  void update(String id) {
    try {
      Optional<Replay> replay = await(replays.find(StoreKeys.REPLAYS, id));
      Optional<Published> before = await(published.find(StoreKeys.PUBLISHED, id));
      if (replay.isEmpty()) {
        return;
      }
      boolean wanted = replay.get().publish() && replay.get().state() != MediaState.GONE;
      if (!wanted && (before.isPresent() || replay.get().publish())) {
        target.delete(id + "/");
        copied.keySet().removeIf(folder -> folder.startsWith(id + "/"));
        await(published.delete(StoreKeys.PUBLISHED, id));
      } else if (wanted && replay.get().indexKey() != null) {
        publish(replay.get(), before.orElseGet(() -> nothing(id)));
      }
    } catch (RefusedException | MediaException e) {
      refused(id, e);
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException("The replay " + id + " cannot be published now", e);
    }
  }

  private static Published nothing(String id) {
    return new Published(id, 0, 0, false, 0, null, null, null, List.of(), 0, null);
  }

  private void refused(String id, Exception e) {
    LOG.warn("The replay {} is not published: {}", id, e.getMessage());
    try {
      Published before =
          await(published.find(StoreKeys.PUBLISHED, id)).orElseGet(() -> nothing(id));
      store(
          new Published(
              id,
              before.version(),
              before.segments(),
              before.complete(),
              before.requestRevision(),
              before.master(),
              before.mp4(),
              before.poster(),
              before.versions(),
              now(),
              e.getMessage()));
    } catch (StorageException | TimeoutException failure) {
      throw new TransientException("The replay " + id + " cannot be published now", failure);
    }
  }

  private void publish(Replay replay, Published before)
      throws IOException, MediaException, TimeoutException {
    if (before.version() == replay.version()
        && before.segments() == replay.segments()
        && before.complete() == replay.complete()
        && before.requestRevision() == replay.requestRevision()
        && before.error() == null) {
      return;
    }
    String folder = replay.id() + "/" + replay.version() + "/";
    // Noted before there are files of it, so that they are found when they are to go.
    Set<Integer> versions = new TreeSet<>(before.versions());
    if (versions.add(replay.version())) {
      store(with(before, List.copyOf(versions)));
    }
    ClipIndex reel = Json.decode(read(replay.indexKey(), 0, -1), ClipIndex.class);
    putMedia(folder, reel, replay.complete());
    String mp4 = null;
    if (replay.mp4Key() != null) {
      mp4 = folder + "replay.mp4";
      put(mp4, stored(replay.mp4Key()), ReelPlaylists.VIDEO_TYPE, false);
    }
    String poster = poster(replay, folder);
    for (String name : ReelPlaylists.playlistNames(reel)) {
      putFile(folder + name, reel, name, replay.complete(), true);
    }
    put(
        replay.id() + "/" + ReelPlaylists.MASTER,
        bytes(ReelPlaylists.master(reel, replay.version() + "/").getBytes(StandardCharsets.UTF_8)),
        ReelPlaylists.PLAYLIST_TYPE,
        true);
    List<Integer> kept = new ArrayList<>(versions);
    while (kept.size() > VERSIONS_KEPT && kept.get(0) < replay.version()) {
      target.delete(replay.id() + "/" + kept.remove(0) + "/");
    }
    store(
        new Published(
            replay.id(),
            replay.version(),
            replay.segments(),
            replay.complete(),
            replay.requestRevision(),
            place.address(replay.id() + "/" + ReelPlaylists.MASTER),
            mp4 == null ? null : place.address(mp4),
            poster == null ? null : place.address(poster),
            kept,
            now(),
            null));
  }

  private void putMedia(String folder, ClipIndex reel, boolean ended)
      throws IOException, MediaException {
    Set<String> there = copied.computeIfAbsent(folder, key -> new HashSet<>());
    for (String name : ReelPlaylists.mediaNames(reel, ended)) {
      if (!there.contains(name)) {
        putFile(folder + name, reel, name, ended, false);
        there.add(name);
      }
    }
  }

  private void putFile(String path, ClipIndex reel, String name, boolean ended, boolean changes)
      throws IOException, MediaException {
    ByteSource source = this::read;
    ReelFile file =
        ReelPlaylists.file(reel, name, ended, source)
            .orElseThrow(() -> new IOException("The reel has no file " + name));
    ByteArrayOutputStream content = new ByteArrayOutputStream((int) file.length());
    HlsExport.copy(file, source, content);
    put(path, bytes(content.toByteArray()), file.contentType(), changes);
  }

  /** The picture of its first clip; null when there is none. */
  private String poster(Replay replay, String folder) throws IOException, TimeoutException {
    Optional<String> clip =
        await(
                items.all(
                    StoreKeys.replayItems(replay.id()),
                    ReplayItem.fromSort(replay.version()),
                    ReplayItem.toSort(replay.version())))
            .stream()
            .filter(ReplayItem::included)
            .min(Comparator.comparingInt(ReplayItem::order))
            .map(ReplayItem::clip);
    if (clip.isEmpty()) {
      return null;
    }
    String partition = StoreKeys.clips(StoreKeys.streamOf(clip.get()));
    String key =
        await(clips.find(partition, StoreKeys.sortOf(clip.get())))
            .map(Clip::thumbnailKey)
            .orElse(null);
    if (key == null) {
      return null;
    }
    String name = folder + "poster.jpg";
    put(name, bytes(read(key, 0, -1)), "image/jpeg", true);
    return name;
  }

  private void put(String name, PublishTarget.Content content, String type, boolean changes)
      throws IOException {
    if (stopping) {
      throw new IOException("Publishing stops");
    }
    target.put(name, content, type, changes);
  }

  private static PublishTarget.Content bytes(byte[] content) {
    return new PublishTarget.Content() {
      @Override
      public long length() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }

  private PublishTarget.Content stored(String key) throws TimeoutException {
    long length = await(objects.head(key)).sizeBytes();
    return new PublishTarget.Content() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() {
        return new ObjectInput(PublishWork.this::read, key, length);
      }
    };
  }

  private void store(Published now) throws TimeoutException {
    await(published.put(StoreKeys.PUBLISHED, now.replay(), now, null));
  }

  private static Published with(Published before, List<Integer> versions) {
    return new Published(
        before.replay(),
        before.version(),
        before.segments(),
        before.complete(),
        before.requestRevision(),
        before.master(),
        before.mp4(),
        before.poster(),
        versions,
        before.atMicros(),
        before.error());
  }

  private long now() {
    return Positions.of(clock.instant());
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
