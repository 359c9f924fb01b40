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
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.FrameDetections;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Progress;
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
 * Makes the renditions of a clip: first their media is stored, then their records, then they are
 * announced. Doing it again stores the same under the same keys. Blocking.
 */
final class RenditionWork {

  private static final Logger LOG = LoggerFactory.getLogger(RenditionWork.class);
  private static final long TIMEOUT_SECONDS = 120;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final RecordStore records;
  private final Records<Clip> clips;
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
    render(clip, false);
  }

  /**
   * Makes what a clip lacks, and tries again what failed.
   *
   * @throws TransientException as above
   */
  void render(RenditionRequest request) {
    Optional<Clip> clip;
    try {
      clip = find(request.clip(), request.stream());
    } catch (StorageException | TimeoutException e) {
      throw new TransientException("The clip " + request.clip() + " cannot be read now", e);
    }
    clip.ifPresent(found -> render(found, true));
  }

  /**
   * Whoever deletes clips marks them first and looks for renditions then, this stores a rendition
   * and looks at its clip then: at least one of the two sees the other.
   */
  private void render(Clip clip, boolean failedToo) {
    if (clip.state() != MediaState.READY || clip.indexKey() == null) {
      return;
    }
    for (RenditionSpec spec : config.renditions()) {
      String id =
          Ids.clip(
              clip.segment(),
              clip.variant(),
              clip.audioTrack(),
              clip.segmentRevision(),
              spec.name());
      try {
        String partition = StoreKeys.renditions(clip.stream());
        String sort = StoreKeys.sortOf(id);
        Rendition held = await(renditions.find(partition, sort)).orElse(null);
        Rendition now = held;
        if (held == null || failedToo && !held.ready()) {
          now = made(id, clip, spec, held == null ? 1 : held.revision() + 1);
          await(renditions.putNewer(partition, sort, now, Rendition::revision, null));
        }
        if (find(clip.id(), clip.stream()).isEmpty()) {
          new ClipFolder(vertx, objects, id).delete();
          await(renditions.delete(partition, sort));
          return;
        }
        // Also of one that was there: its maker may have been killed before it said so.
        await(writer.write(OutRecord.of(Topic.RENDITIONS, clip.stream(), now)));
      } catch (StorageException | IOException | TimeoutException e) {
        throw new TransientException("The rendition " + id + " cannot be made or stored now", e);
      }
    }
  }

  /** A clip that is there and ready. */
  private Optional<Clip> find(String clip, String stream) throws TimeoutException {
    return await(clips.find(StoreKeys.clips(stream), StoreKeys.sortOf(clip)))
        .filter(found -> found.state() == MediaState.READY);
  }

  private Rendition made(String id, Clip clip, RenditionSpec spec, int revision)
      throws IOException, TimeoutException {
    ClipFolder folder = new ClipFolder(vertx, objects, id, () -> stopping);
    ProgressNote note = ProgressNote.ofClip(records, clip.stream(), id, Clock.systemUTC());
    try {
      ClipIndex index = Json.decode(folder.bytes().read(clip.indexKey(), 0, -1), ClipIndex.class);
      Rendered rendered = rendered(id, index, spec, path(clip, spec), folder, note);
      TrackInfo pictures = rendered.index().tracks().get(0);
      return new Rendition(
          id,
          clip.id(),
          spec.name(),
          clip.stream(),
          clip.run(),
          MediaState.READY,
          pictures.width(),
          pictures.height(),
          folder.index(rendered.index()),
          config.mp4() ? folder.mp4("clip.mp4", rendered.index()) : null,
          null,
          revision,
          rendered.note());
    } catch (MediaException e) {
      LOG.warn("The rendition {} cannot be made: {}", id, e.getMessage());
      return new Rendition(
          id,
          clip.id(),
          spec.name(),
          clip.stream(),
          clip.run(),
          MediaState.FAILED,
          0,
          0,
          null,
          null,
          e.getMessage(),
          revision);
    } finally {
      note.end();
    }
  }

  /**
   * @param note null when it was made as it is configured
   */
  private record Rendered(ClipIndex index, String note) {}

  /** By hardware where that is configured and works, else by what every machine has. */
  private Rendered rendered(
      String id,
      ClipIndex clip,
      RenditionSpec spec,
      CropPath path,
      ClipFolder folder,
      Progress progress)
      throws MediaException, IOException {
    ByteSource bytes = WatchedBytes.of(folder.bytes(), clip, "encoding " + spec.name(), progress);
    VideoEncoder encoder = config.encoder();
    String note = null;
    if (encoder != VideoEncoder.OPENH264) {
      try {
        return new Rendered(
            RenderedClip.render(id, clip, spec, path, encoder, bytes, folder::put), null);
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
    return new Rendered(RenderedClip.render(id, clip, spec, path, bytes, folder::put), note);
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
