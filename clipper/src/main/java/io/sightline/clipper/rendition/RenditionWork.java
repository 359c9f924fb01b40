package io.sightline.clipper.rendition;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.clipper.ClipFolder;
import io.sightline.clipper.ClipperConfig;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.WatchedBytes;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.render.RenderedPart;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.FrameDetections;
import io.sightline.records.HeldPart;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Progress;
import io.sightline.records.ReelPart;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionRequest;
import io.sightline.records.RenditionSpec;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.ProgressNote;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the renditions of clips, and of what they are in reels: first their media is stored, then
 * their records, then they are announced. Doing it again stores the same under the same keys.
 * Blocking.
 */
final class RenditionWork {

  private static final Logger LOG = LoggerFactory.getLogger(RenditionWork.class);
  private static final long TIMEOUT_SECONDS = 120;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Records<Clip> clips;
  private final Records<HeldPart> parts;
  private final Records<Rendition> renditions;
  private final Records<FrameDetections> frames;
  private final Writer writer;
  private final ClipperConfig config;
  private volatile boolean stopping;

  RenditionWork(
      Vertx vertx, ObjectStore objects, RecordStore records, Writer writer, ClipperConfig config) {
    this.vertx = vertx;
    this.objects = objects;
    this.records = records;
    this.clips = Records.of(records, Clip.class);
    this.parts = Records.of(records, HeldPart.class);
    this.renditions = Records.of(records, Rendition.class);
    this.frames = Records.of(records, FrameDetections.class);
    this.writer = writer;
    this.config = config;
  }

  /** What is being made is given up within a few seconds of its media, what waits at once. */
  void stop() {
    stopping = true;
  }

  /**
   * @param clip one that is not ready has none
   * @throws TransientException when storage may take them later, or the work was stopped
   */
  void render(Clip clip) {
    if (clip.state() == MediaState.READY && clip.indexKey() != null) {
      render(Rendered.of(clip), false);
    }
  }

  /**
   * Makes what a clip or a part lacks, and tries again what failed.
   *
   * @throws TransientException as above
   */
  void render(RenditionRequest request) {
    Optional<Rendered> what;
    try {
      what = find(request.part(), request.clip(), request.stream());
    } catch (StorageException | TimeoutException e) {
      throw new TransientException("What " + request.clip() + " is cannot be read now", e);
    }
    what.ifPresent(found -> render(found, true));
  }

  /**
   * Whoever deletes clips or parts marks them first and looks for renditions then, this stores a
   * rendition and looks at what it is of then: at least one of the two sees the other.
   */
  private void render(Rendered what, boolean failedToo) {
    for (RenditionSpec spec : config.renditions()) {
      String id = what.id(spec.name());
      try {
        String partition = Rendition.partition(what.media());
        String sort = Rendition.sort(what.media(), id);
        Rendition held = await(renditions.find(partition, sort)).orElse(null);
        Rendition now = held;
        if (held == null || failedToo && !held.ready()) {
          now = made(id, what, spec, held == null ? 1 : held.revision() + 1);
          if (now == null) {
            return;
          }
          await(renditions.putNewer(partition, sort, now, Rendition::revision, null));
        }
        if (find(what.part(), what.name(), what.stream()).isEmpty()) {
          folder(id, what, spec).delete();
          await(renditions.delete(partition, sort));
          return;
        }
        // Also of one that was there: its maker may have been killed before it said so.
        await(writer.write(OutRecord.of(Topic.RENDITIONS, what.stream(), now)));
      } catch (StorageException | IOException | TimeoutException e) {
        throw new TransientException("The rendition " + id + " cannot be made or stored now", e);
      }
    }
  }

  /** What is there and ready. */
  private Optional<Rendered> find(String part, String clip, String stream) throws TimeoutException {
    if (part != null) {
      Optional<HeldPart> held = await(parts.find(StoreKeys.HELD_PARTS, HeldPart.idOf(part)));
      if (held.isEmpty() || !held.get().holds(part)) {
        return Optional.empty();
      }
      if (ReelPart.clip(part) == null) {
        return Optional.of(new Rendered(null, part, clip, stream));
      }
    }
    return await(clips.find(StoreKeys.clips(stream), StoreKeys.sortOf(clip)))
        .filter(found -> found.state() == MediaState.READY)
        .map(found -> new Rendered(found, part, clip, stream));
  }

  private ClipFolder folder(String id, Rendered what, RenditionSpec spec) {
    return what.part() == null
        ? new ClipFolder(vertx, objects, id, () -> stopping)
        : ClipFolder.at(
            vertx, objects, ReelPart.folder(what.part()) + spec.name() + "/", () -> stopping);
  }

  /**
   * @return null when there is nothing that it could be made of
   */
  private Rendition made(String id, Rendered what, RenditionSpec spec, int revision)
      throws IOException, TimeoutException {
    ClipFolder folder = folder(id, what, spec);
    ProgressNote note = ProgressNote.ofClip(records, what.stream(), id, Clock.systemUTC());
    try {
      return what.part() == null
          ? clip(id, what, spec, revision, folder, note)
          : part(id, what, spec, revision, folder, note);
    } catch (MediaException e) {
      LOG.warn("The rendition {} cannot be made: {}", id, e.getMessage());
      return what.failed(id, spec.name(), e.getMessage(), revision);
    } finally {
      note.end();
    }
  }

  private Rendition clip(
      String id,
      Rendered what,
      RenditionSpec spec,
      int revision,
      ClipFolder folder,
      Progress progress)
      throws MediaException, IOException, TimeoutException {
    byte[] stored = folder.bytes().read(what.clip().indexKey(), 0, -1);
    ClipIndex index = Json.decode(stored, ClipIndex.class);
    CropPath path = path(what.clip(), spec);
    ByteSource bytes = WatchedBytes.of(folder.bytes(), index, "encoding " + spec.name(), progress);
    Encoded<ClipIndex> made =
        encoded(id, by -> RenderedClip.render(id, index, spec, path, by, bytes, folder::put));
    return what.made(
        id,
        spec.name(),
        made.media().tracks().get(0),
        folder.index(made.media()),
        config.mp4() ? folder.mp4("clip.mp4", made.media()) : null,
        revision,
        made.note());
  }

  private Rendition part(
      String id,
      Rendered what,
      RenditionSpec spec,
      int revision,
      ClipFolder folder,
      Progress progress)
      throws MediaException, IOException, TimeoutException {
    Optional<ReelPart> found = stored(what.part());
    if (found.isEmpty() || found.get().error() != null) {
      return null;
    }
    ReelPart part = found.get();
    Clip clip = what.clip();
    CropPath path = clip == null ? CropPath.MIDDLE : path(clip, spec);
    ByteSource bytes =
        clip == null
            ? folder.bytes()
            : WatchedBytes.of(folder.bytes(), part.last(), "encoding " + spec.name(), progress);
    Encoded<ReelPart> made =
        encoded(
            id,
            by ->
                RenderedPart.render(id, folder.key(""), part, spec, path, by, bytes, folder::put));
    String key = folder.put("part.json", Json.encode(made.media()), "application/json");
    TrackInfo pictures = made.media().last().tracks().get(0);
    return what.made(id, spec.name(), pictures, key, null, revision, made.note());
  }

  private Optional<ReelPart> stored(String part) throws IOException {
    String name = part.substring(part.lastIndexOf('/') + 1);
    return ClipFolder.at(vertx, objects, ReelPart.folder(part), () -> stopping)
        .find(name)
        .map(content -> Json.decode(content, ReelPart.class));
  }

  /** Encodes something by an encoder. */
  private interface Encoding<T> {
    T by(VideoEncoder encoder) throws MediaException, IOException;
  }

  /**
   * @param note null when it was made as it is configured
   */
  private record Encoded<T>(T media, String note) {}

  /** By hardware where that is configured and works, else by what every machine has. */
  private <T> Encoded<T> encoded(String id, Encoding<T> encoding)
      throws MediaException, IOException {
    VideoEncoder encoder = config.encoder();
    String note = null;
    if (encoder != VideoEncoder.OPENH264) {
      try {
        return new Encoded<>(encoding.by(encoder), null);
      } catch (MediaException e) {
        note =
            "is encoded by "
                + VideoEncoder.OPENH264.id()
                + ", for "
                + encoder.id()
                + " cannot be used here: "
                + e.getMessage();
        LOG.warn("The rendition {} {}", id, note);
      }
    }
    return new Encoded<>(encoding.by(VideoEncoder.OPENH264), note);
  }

  private CropPath path(Clip clip, RenditionSpec spec) throws TimeoutException {
    if (!spec.follow()) {
      return CropPath.MIDDLE;
    }
    String from = StoreKeys.sort(clip.startMicros(), "");
    String to = StoreKeys.sort(clip.endMicros(), "");
    List<FrameDetections> seen =
        await(frames.all(StoreKeys.frames(clip.stream()), from, to)).stream()
            .filter(frame -> frame.run().equals(clip.run()))
            .toList();
    return FollowedCrop.of(seen, clip.label());
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
