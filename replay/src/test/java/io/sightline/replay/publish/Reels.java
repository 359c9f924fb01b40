package io.sightline.replay.publish;

import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.Mp4File;
import io.sightline.media.cut.NewObject;
import io.sightline.media.cut.Reel;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipUse;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Stores as the clipper and the replay stage leave them: a recording of ten seconds, reels of it.
 */
final class Reels implements AutoCloseable {

  static final String ID = "1763700000000000-goals";

  final ObjectStore objects;
  final RecordStore records;
  private final Vertx vertx = Vertx.vertx();
  private final Recording recording = new Recording("lobby");
  private int revision;

  Reels(Path folder) throws Exception {
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    recording.add(TestVideo.plain().sound().file());
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
  }

  /** A replay whose clips begin at these seconds, two seconds each. */
  void replay(int version, boolean complete, boolean publish, int... seconds) throws Exception {
    List<ClipIndex> joined = new ArrayList<>();
    for (int order = 0; order < seconds.length; order++) {
      Clip clip = clip(seconds[order]);
      joined.add(Json.decode(get(clip.indexKey()), ClipIndex.class));
      ReplayItem item =
          new ReplayItem(
              ID,
              version,
              "lobby",
              clip.segment(),
              clip.id(),
              "goal",
              order,
              clip.startMicros(),
              2_000_000,
              order * 2_000_000L,
              true,
              "it was asked for");
      await(
          Records.of(records, ReplayItem.class)
              .put(StoreKeys.replayItems(ID), item.sort(), item, null));
      ClipUse use = new ClipUse(clip.id(), ID, 1);
      await(
          Records.of(records, ClipUse.class)
              .put(StoreKeys.clipUses("lobby"), use.sort(), use, null));
    }
    ClipIndex reel = Reel.join(ID, joined);
    String folder = "replays/" + ID + "/" + version + "/";
    String indexKey = folder + "index-" + seconds.length + ".json";
    put(indexKey, Json.encode(reel));
    String mp4Key = null;
    if (complete) {
      mp4Key = folder + "replay.mp4";
      ByteArrayOutputStream mp4 = new ByteArrayOutputStream();
      Mp4File.write(reel, (key, offset, length) -> read(key, offset, length), mp4);
      put(mp4Key, mp4.toByteArray());
    }
    header(MediaState.READY, version, seconds.length, complete, publish, indexKey, mp4Key);
  }

  /** Makes a rendition of the clip that begins at a second, as the clipper does. */
  Rendition rendition(RenditionSpec spec, int second) throws Exception {
    Clip clip = clip(second);
    String id = clip.id().replace(".source", "." + spec.name());
    ClipIndex index = Json.decode(get(clip.indexKey()), ClipIndex.class);
    List<NewObject> objects = new ArrayList<>();
    ClipIndex rendered =
        RenderedClip.render(id, index, spec, CropPath.MIDDLE, this::read, objects::add);
    for (NewObject object : objects) {
      put(object.key(), object.content());
    }
    String indexKey = "clips/" + id + "/index.json";
    put(indexKey, Json.encode(rendered));
    TrackInfo pictures = rendered.tracks().get(0);
    Rendition made =
        new Rendition(
            id,
            clip.id(),
            spec.name(),
            "lobby",
            "live",
            MediaState.READY,
            pictures.width(),
            pictures.height(),
            indexKey,
            null,
            null,
            1);
    await(
        Records.of(records, Rendition.class)
            .put(StoreKeys.renditions("lobby"), StoreKeys.sortOf(id), made, null));
    return made;
  }

  /** The same replay, deleted. */
  void gone() throws Exception {
    header(MediaState.GONE, 1, 0, true, true, null, null);
  }

  private void header(
      MediaState state,
      int version,
      int segments,
      boolean complete,
      boolean publish,
      String indexKey,
      String mp4Key)
      throws Exception {
    Replay replay =
        new Replay(
            ID,
            "Goals",
            new ReplayRequest.Selection(List.of("lobby"), "live", null, null, List.of()),
            state,
            version,
            segments,
            segments * 2_000_000L,
            complete,
            complete,
            indexKey,
            mp4Key,
            1,
            1,
            null,
            ++revision,
            publish);
    await(Records.of(records, Replay.class).put(StoreKeys.REPLAYS, ID, replay, null));
  }

  private Clip clip(int second) throws Exception {
    long start = Recording.START + second * 1_000_000L;
    long end = start + 2_000_000L;
    String segment = Ids.segment("lobby", "live", "presence", start);
    String id = Ids.clip(segment, ClipVariant.ORIGINAL, 0, 1, "source");
    CutResult cut =
        Cut.copy(
            id,
            recording.chunks(),
            start,
            end,
            recording,
            made -> recording.objects().put(made.key(), made.content()));
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      if (object.getKey().startsWith("clips/")) {
        put(object.getKey(), object.getValue());
      }
    }
    String folder = "clips/" + id + "/";
    put(folder + "index.json", Json.encode(cut.index()));
    put(folder + "thumbnail.jpg", "picture".getBytes(StandardCharsets.UTF_8));
    Clip clip =
        new Clip(
            id,
            segment,
            "lobby",
            "live",
            "goal",
            ClipVariant.ORIGINAL,
            0,
            "source",
            1,
            MediaState.READY,
            start,
            end,
            cut.startMicros(),
            cut.endMicros(),
            cut.durationMicros(),
            "keyframe",
            null,
            List.of(),
            folder + "index.json",
            null,
            folder + "thumbnail.jpg",
            null,
            1L,
            1);
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), clip, null));
    return clip;
  }

  private byte[] read(String key, long offset, long length) {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] get(String key) throws Exception {
    return await(objects.get(key)).getBytes();
  }

  private void put(String key, byte[] content) throws Exception {
    await(objects.put(key, Buffer.buffer(content), "video/mp4"));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(records.close());
    await(objects.close());
    await(vertx.close());
  }
}
