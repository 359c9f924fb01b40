package io.sightline.clipper;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.TransientException;
import io.sightline.bus.Writer;
import io.sightline.media.MediaException;
import io.sightline.media.cut.ByteSource;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.NewObject;
import io.sightline.media.picture.Thumbnail;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts one segment: index, end piece, thumbnail and MP4 are stored first, then the clip's record,
 * then it is announced. What it refers to is pinned before. Doing it again stores the same bytes
 * under the same keys and changes nothing. Blocking; several at once on different threads.
 */
final class ClipCutter {

  private static final Logger LOG = LoggerFactory.getLogger(ClipCutter.class);

  private static final String RENDITION = "source";
  private static final int ALL_AUDIO_TRACKS = 0;
  private static final long TIMEOUT_SECONDS = 120;

  private final Vertx vertx;
  private final ObjectStore objects;
  private final Records<Clip> clips;
  private final PinnedChunks chunks;
  private final Writer writer;
  private final ClipperConfig config;
  private final ByteSource bytes;

  ClipCutter(
      Vertx vertx, ObjectStore objects, RecordStore records, Writer writer, ClipperConfig config) {
    this.vertx = vertx;
    this.objects = objects;
    this.clips = Records.of(records, Clip.class);
    this.chunks = new PinnedChunks(records, Clock.systemUTC());
    this.writer = writer;
    this.config = config;
    this.bytes = (key, offset, length) -> read(objects, key, offset, length);
  }

  /**
   * @throws TransientException when storage or Kafka may take it later
   */
  void cut(Segment segment) {
    String id =
        Ids.clip(
            segment.id(), ClipVariant.ORIGINAL, ALL_AUDIO_TRACKS, segment.revision(), RENDITION);
    try {
      Optional<Clip> done = await(clips.find(StoreKeys.clips(segment.stream()), sort(id)));
      Clip clip = done.isPresent() ? done.get() : make(id, segment);
      await(writer.write(OutRecord.of(Topic.CLIPS, clip.stream(), clip)));
    } catch (StorageException | IOException | TimeoutException e) {
      throw new TransientException("The clip " + id + " cannot be stored now", e);
    }
  }

  private Clip make(String id, Segment segment) throws IOException, TimeoutException {
    Clip clip;
    try {
      clip = ready(id, segment);
    } catch (MediaException e) {
      LOG.warn("The clip {} cannot be made: {}", id, e.getMessage());
      clip = failed(id, segment, e.getMessage());
    }
    await(clips.putNewer(StoreKeys.clips(clip.stream()), sort(id), clip, Clip::revision, null));
    return clip;
  }

  private Clip ready(String id, Segment segment)
      throws MediaException, IOException, TimeoutException {
    List<ChunkInfo> recorded = chunks.hold(id, segment);
    if (recorded.isEmpty()) {
      return failed(id, segment, "Nothing was recorded between the marks");
    }
    try {
      return cut(id, segment, recorded);
    } catch (MediaException e) {
      chunks.release(id, segment, recorded);
      throw e;
    }
  }

  private Clip cut(String id, Segment segment, List<ChunkInfo> recorded)
      throws MediaException, IOException, TimeoutException {
    long markIn = segment.startMicros();
    long markOut = segment.endMicros();
    CutResult cut =
        config.accuracy() == ClipAccuracy.FRAME
            ? Cut.exact(id, recorded, markIn, markOut, bytes, this::put)
            : Cut.copy(id, recorded, markIn, markOut, bytes, this::put);
    String indexKey = "clips/" + id + "/index.json";
    await(objects.put(indexKey, Buffer.buffer(Json.encode(cut.index())), "application/json"));
    String thumbnailKey = thumbnail(id, cut.index(), segment.startMicros());
    String mp4Key = config.mp4() ? mp4(id, cut.index()) : null;
    return new Clip(
        id,
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.label(),
        ClipVariant.ORIGINAL,
        ALL_AUDIO_TRACKS,
        RENDITION,
        segment.revision(),
        MediaState.READY,
        segment.startMicros(),
        segment.endMicros(),
        cut.startMicros(),
        cut.endMicros(),
        cut.durationMicros(),
        config.accuracy().toString(),
        cut.note(),
        cut.gaps(),
        indexKey,
        mp4Key,
        thumbnailKey,
        null,
        1);
  }

  private Clip failed(String id, Segment segment, String error) {
    return new Clip(
        id,
        segment.id(),
        segment.stream(),
        segment.run(),
        segment.label(),
        ClipVariant.ORIGINAL,
        ALL_AUDIO_TRACKS,
        RENDITION,
        segment.revision(),
        MediaState.FAILED,
        segment.startMicros(),
        segment.endMicros(),
        segment.startMicros(),
        segment.endMicros(),
        0,
        config.accuracy().toString(),
        null,
        List.of(),
        null,
        null,
        null,
        error,
        1);
  }

  /**
   * The first picture at or after mark-in with which a decoder can start; null without pictures.
   */
  private String thumbnail(String id, ClipIndex index, long markIn)
      throws MediaException, IOException, TimeoutException {
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
            config.thumbnailWidth());
    String key = "clips/" + id + "/thumbnail.jpg";
    await(objects.put(key, Buffer.buffer(picture), "image/jpeg"));
    return key;
  }

  private String mp4(String id, ClipIndex index)
      throws MediaException, IOException, TimeoutException {
    Path draft = Files.createTempFile("sightline-clip", ".mp4");
    try {
      try (OutputStream out = Files.newOutputStream(draft)) {
        Mp4File.write(index, bytes, out);
      }
      String key = "clips/" + id + "/clip.mp4";
      await(
          vertx
              .fileSystem()
              .open(draft.toString(), new OpenOptions().setRead(true).setWrite(false))
              .compose(file -> objects.put(key, file, "video/mp4").eventually(file::close)));
      return key;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void put(NewObject piece) throws IOException {
    try {
      await(objects.put(piece.key(), Buffer.buffer(piece.content()), "video/mp4"));
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot store " + piece.key() + ": " + e.getMessage(), e);
    }
  }

  private static byte[] read(ObjectStore objects, String key, long offset, long length)
      throws IOException {
    try {
      return objects.get(key, offset, length).await(TIMEOUT_SECONDS, TimeUnit.SECONDS).getBytes();
    } catch (StorageException | TimeoutException e) {
      throw new IOException("Cannot read " + key + ": " + e.getMessage(), e);
    }
  }

  private static String sort(String id) {
    return StoreKeys.sortOf(id);
  }

  private static <T> T await(Future<T> future) throws TimeoutException {
    return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
