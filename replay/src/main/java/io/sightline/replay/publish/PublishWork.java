package io.sightline.replay.publish;

import static io.sightline.media.hls.ReelPlaylists.master;
import static io.sightline.media.hls.ReelPlaylists.mediaNames;

import io.sightline.bus.TransientException;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.hls.ReelFile;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.hls.ReelVariant;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipUse;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.PartUse;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.records.Published;
import io.sightline.records.ReelPiece;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.StoreKeys;
import io.sightline.replay.publish.OtherEncodings.Encoding;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
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
  private static final String MP4 = "replay.mp4";

  /** The version before is still being played. */
  private static final int VERSIONS_KEPT = 2;

  private final PublishPlace place;
  private final ReelFiles files;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Records<Replay> replays;
  private final Records<Clip> clips;
  private final Records<ClipUse> uses;
  private final Records<PartUse> partUses;
  private final Records<Published> published;
  private final ByteSource bytes;
  private final OtherEncodings encodings;
  private final Clock clock;

  PublishWork(
      PublishPlace place,
      PublishTarget target,
      ObjectStore objects,
      RecordStore records,
      Clock clock) {
    this.place = place;
    this.objects = objects;
    this.records = records;
    this.replays = Records.of(records, Replay.class);
    this.clips = Records.of(records, Clip.class);
    this.uses = Records.of(records, ClipUse.class);
    this.partUses = Records.of(records, PartUse.class);
    this.published = Records.of(records, Published.class);
    this.bytes = this::read;
    this.files = new ReelFiles(target, bytes);
    this.encodings = new OtherEncodings(records, bytes);
    this.clock = clock;
  }

  /** What is being copied is given up with the next file. Any thread. */
  void stop() {
    files.stop();
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
        files.delete(id + "/");
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
    return new Published(id, 0, 0, false, 0, null, null, null, List.of(), 0, null, List.of());
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
              e.getMessage(),
              before.renditions()));
    } catch (StorageException | TimeoutException failure) {
      throw new TransientException("The replay " + id + " cannot be published now", failure);
    }
  }

  /**
   * A rendition of a clip or a part was made, or failed: replays that are published may have all of
   * theirs now.
   */
  void made(Rendition rendition) {
    if (!rendition.ready()) {
      return;
    }
    List<String> found;
    try {
      found = rendition.part() == null ? showing(rendition) : playing(rendition.part());
    } catch (StorageException | TimeoutException e) {
      throw new TransientException("The uses of " + rendition.media() + " cannot be read now", e);
    }
    found.forEach(this::update);
  }

  private List<String> showing(Rendition rendition) throws TimeoutException {
    String clip = rendition.clip();
    return await(
            uses.all(
                StoreKeys.clipUses(rendition.stream()),
                ClipUse.fromSort(clip),
                ClipUse.toSort(clip)))
        .stream()
        .map(ClipUse::replay)
        .toList();
  }

  private List<String> playing(String part) throws TimeoutException {
    return await(partUses.all(StoreKeys.PART_USES, PartUse.fromSort(part), PartUse.toSort(part)))
        .stream()
        .map(PartUse::replay)
        .toList();
  }

  private void publish(Replay replay, Published before)
      throws IOException, MediaException, TimeoutException {
    List<ReplayItem> shown = encodings.shown(replay);
    List<ReelPiece> pieces = ReelPiece.of(replay, shown);
    List<Encoding> others = encodings.of(pieces);
    int segments = shown.size();
    if (isThere(replay, before)
        && others.stream().allMatch(one -> isThere(replay, segments, before, one))) {
      return;
    }
    String folder = replay.id() + "/" + replay.version() + "/";
    // Noted before there are files of it, so that they are found when they are to go.
    Set<Integer> versions = new TreeSet<>(before.versions());
    if (versions.add(replay.version())) {
      store(with(before, List.copyOf(versions)));
    }
    ClipIndex reel = Json.decode(read(replay.indexKey(), 0, -1), ClipIndex.class);
    List<ReelVariant> variants = new ArrayList<>();
    for (Encoding one : others) {
      variants.add(
          new ReelVariant(
              replay.version() + "/" + one.name() + "/", encodings.reel(replay, pieces, one)));
    }
    // All media, then all playlists, then what leads to them.
    ProgressNote note = ProgressNote.ofPublishing(records, replay.id(), clock);
    try {
      copyMedia(replay, folder, reel, variants, note);
    } finally {
      note.end();
    }
    String poster = shown.isEmpty() ? null : poster(shown.get(0).clip(), folder);
    files.putPlaylists(folder, reel, replay.complete());
    for (ReelVariant one : variants) {
      files.putPlaylists(replay.id() + "/" + one.folder(), one.index(), replay.complete());
    }
    String own = replay.version() + "/";
    files.putMaster(replay.id() + "/" + ReelPlaylists.MASTER, master(reel, own, variants));
    List<Published.Copy> copies = new ArrayList<>();
    for (int at = 0; at < others.size(); at++) {
      ReelVariant variant = variants.get(at);
      String name = replay.id() + "/" + masterOf(others.get(at).name());
      files.putMaster(name, master(variant.index(), variant.folder(), List.of()));
      copies.add(copy(replay, segments, others.get(at), name));
    }
    Kept kept = withoutOld(replay, before, versions, copies);
    store(
        new Published(
            replay.id(),
            replay.version(),
            replay.segments(),
            replay.complete(),
            replay.requestRevision(),
            place.address(replay.id() + "/" + ReelPlaylists.MASTER),
            replay.mp4Key() == null ? null : place.address(folder + MP4),
            poster == null ? null : place.address(poster),
            kept.versions(),
            now(),
            null,
            kept.copies()));
  }

  private void copyMedia(
      Replay replay, String folder, ClipIndex reel, List<ReelVariant> variants, Progress progress)
      throws IOException, MediaException, TimeoutException {
    boolean ended = replay.complete();
    boolean mp4 = replay.mp4Key() != null;
    int all = mediaNames(reel, ended).size() + (mp4 ? 1 + variants.size() : 0);
    for (ReelVariant one : variants) {
      all += mediaNames(one.index(), ended).size();
    }
    CopiedFiles copied = new CopiedFiles(progress, all);
    files.putMedia(folder, reel, ended, copied);
    for (ReelVariant one : variants) {
      files.putMedia(replay.id() + "/" + one.folder(), one.index(), ended, copied);
    }
    if (mp4) {
      long length = await(objects.head(replay.mp4Key())).sizeBytes();
      files.put(folder + MP4, replay.mp4Key(), length, ReelPlaylists.VIDEO_TYPE);
      copied.next();
      for (ReelVariant one : variants) {
        files.put(replay.id() + "/" + one.folder() + MP4, ReelFile.mp4(one.index(), bytes), false);
        copied.next();
      }
    }
  }

  private static boolean isThere(Replay replay, Published before) {
    return before.version() == replay.version()
        && before.segments() == replay.segments()
        && before.complete() == replay.complete()
        && before.requestRevision() == replay.requestRevision()
        && before.error() == null;
  }

  private static boolean isThere(Replay replay, int segments, Published before, Encoding one) {
    return before.renditions().stream()
        .anyMatch(
            copy ->
                copy.name().equals(one.name())
                    && copy.version() == replay.version()
                    && copy.segments() == segments);
  }

  private Published.Copy copy(Replay replay, int segments, Encoding one, String master) {
    String mp4 = replay.id() + "/" + replay.version() + "/" + one.name() + "/" + MP4;
    return new Published.Copy(
        one.name(),
        replay.version(),
        segments,
        one.width(),
        one.height(),
        place.address(master),
        replay.mp4Key() == null ? null : place.address(mp4));
  }

  /** Leads to one encoding alone; those of another shape stand in no other playlist. */
  private static String masterOf(String encoding) {
    return "master-" + encoding + ".m3u8";
  }

  /** What stays. */
  private record Kept(List<Integer> versions, List<Published.Copy> copies) {}

  /** Deletes versions that nobody plays any more, first what leads to them. */
  private Kept withoutOld(
      Replay replay, Published before, Set<Integer> versions, List<Published.Copy> copies)
      throws IOException {
    Set<String> anew = copies.stream().map(Published.Copy::name).collect(Collectors.toSet());
    List<Published.Copy> all = new ArrayList<>(copies);
    before.renditions().stream().filter(old -> !anew.contains(old.name())).forEach(all::add);
    List<Integer> kept = new ArrayList<>(versions);
    while (kept.size() > VERSIONS_KEPT && kept.get(0) < replay.version()) {
      int gone = kept.remove(0);
      for (Published.Copy copy : List.copyOf(all)) {
        if (copy.version() == gone) {
          files.delete(replay.id() + "/" + masterOf(copy.name()));
          all.remove(copy);
        }
      }
      files.delete(replay.id() + "/" + gone + "/");
    }
    return new Kept(kept, all);
  }

  /** The picture of its first clip; null when there is none. */
  private String poster(String clip, String folder) throws IOException, TimeoutException {
    String partition = StoreKeys.clips(StoreKeys.streamOf(clip));
    String key =
        await(clips.find(partition, StoreKeys.sortOf(clip))).map(Clip::thumbnailKey).orElse(null);
    if (key == null) {
      return null;
    }
    String name = folder + "poster.jpg";
    files.put(name, read(key, 0, -1), "image/jpeg");
    return name;
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
        before.error(),
        before.renditions());
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
