package io.sightline.replay;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.encode.VideoEncoder;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.render.CropPath;
import io.sightline.media.render.RenderedClip;
import io.sightline.media.render.RenderedPart;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MarkMove;
import io.sightline.records.MediaState;
import io.sightline.records.OptimizedMarks;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.PluginSpec;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.ReelPiece;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.TrackInfo;
import io.sightline.records.Transitions;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectInfo;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Replays whose items are joined by something, with what a clipper makes of their orders, and
 * nothing but that. Real stores in a folder.
 */
final class JoinedReels implements AutoCloseable {

  static final String ID = "goals";
  static final long END = Recording.START + 10_000_000;
  static final Transitions FADE =
      new Transitions(new Transitions.Fade(400, 400, null, null), null, null, null);

  final Vertx vertx = Vertx.vertx();
  final Map<String, ReelPartOrder> asked = new HashMap<>();
  final ObjectStore objects;
  final RecordStore records;
  ReplayBuilder builder;
  StoredFiles files;

  private final Path folder;
  private final Recording recording;
  private final Clock clock;
  private int exports;

  private final Writer writer =
      new Writer() {
        @Override
        public Future<Void> write(OutRecord record) {
          if (record.topic() == Topic.REEL_PARTS) {
            ReelPartOrder order = Json.decode(record.value(), ReelPartOrder.class);
            asked.put(order.key(), order);
          }
          return Future.succeededFuture();
        }

        @Override
        public boolean full() {
          return false;
        }

        @Override
        public Future<Void> drained() {
          return Future.succeededFuture();
        }
      };

  JoinedReels(Path folder, Path video, Clock clock) throws Exception {
    this.folder = folder;
    this.clock = clock;
    recording = new Recording("lobby").add(video);
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
    segmented(Recording.START);
    restart(TransitionFiles.NONE);
  }

  @Override
  public void close() throws Exception {
    await(records.close().eventually(objects::close));
    await(vertx.close());
  }

  /** As after a kill: nothing is remembered. */
  void restart(TransitionFiles configured) throws Exception {
    HeldParts held = new HeldParts(records, clock);
    files = new StoredFiles(objects, held, configured);
    files.store();
    builder = builder(objects, held, clock);
  }

  /** Another one, with an object store and a clock of its own. */
  ReplayBuilder builder(ObjectStore used, HeldParts held, Clock own) {
    return new ReplayBuilder(vertx, used, records, writer, files, held, own);
  }

  /** Builds it, makes what it asked for, and builds it again. */
  Replay built(ReplayRequest request) throws Exception {
    builder.build(request);
    makeParts();
    return builder.build(request);
  }

  /** What a clipper does with orders; the keys of the objects that it stored. */
  List<String> makeParts() throws Exception {
    List<String> made = new ArrayList<>();
    for (ReelPartOrder order : asked.values()) {
      ReelPart part =
          EncodedPart.make(
              order,
              this::read,
              object -> {
                made.add(object.key());
                put(object.key(), object.content());
              });
      put(order.key(), Json.encode(part));
    }
    asked.clear();
    return made;
  }

  static ReplayRequest request(int revision, Transitions transitions, Integer audioTrack) {
    return new ReplayRequest(
        ID,
        ReplayRequest.Kind.CHANGE,
        "Goals",
        new ReplayRequest.Selection(List.of("lobby"), "live", null, END, List.of()),
        false,
        "test",
        1,
        revision,
        null,
        false,
        audioTrack,
        transitions);
  }

  static ReplayRequest request(int revision, Transitions transitions) {
    return request(revision, transitions, null);
  }

  /** The window is over. */
  void finish() throws Exception {
    segmented(END);
  }

  private void segmented(long positionMicros) throws Exception {
    StageProgress progress =
        new StageProgress("segmenter", "lobby", "live", "epoch", positionMicros, false, 1, 1);
    await(
        Records.of(records, StageProgress.class)
            .put(StoreKeys.progress("lobby"), "live.segmenter", progress, null));
  }

  void clip(int from, int to) throws Exception {
    Segment segment = segment(from, to);
    store(segment);
    cut(segment, ClipVariant.ORIGINAL, 0, 1, from, to);
  }

  /** One with other marks for a sound track, cut for them. */
  void clip(int from, int to, int audioTrack, int trackFrom, int trackTo) throws Exception {
    Segment segment = segment(from, to);
    OptimizedTrack marks =
        new OptimizedTrack(
            audioTrack,
            position(trackFrom),
            position(trackTo),
            MarkMove.MOVED,
            null,
            MarkMove.MOVED,
            null);
    store(
        segment.with(
            new OptimizedMarks(new PluginSpec("quiet-marks"), 1, 2, List.of(marks), null), 2));
    cut(segment, ClipVariant.ORIGINAL, 0, 1, from, to);
    cut(segment, ClipVariant.OPTIMIZED, audioTrack, 2, trackFrom, trackTo);
  }

  private static long position(int picture) {
    return Recording.START + picture * 40_000L;
  }

  private void store(Segment segment) throws Exception {
    await(
        Records.of(records, Segment.class)
            .put(StoreKeys.segments("lobby"), StoreKeys.sortOf(segment.id()), segment, null));
  }

  private static Segment segment(int from, int to) {
    return new Segment(
        Ids.segment("lobby", "live", "presence", position(from)),
        "lobby",
        "live",
        "presence",
        "1700000000000000-local",
        position(from),
        position(to),
        "goal",
        null,
        Map.of(),
        null,
        false,
        1,
        1);
  }

  private void cut(
      Segment segment, ClipVariant variant, int audioTrack, int revision, int from, int to)
      throws Exception {
    String id = Ids.clip(segment.id(), variant, audioTrack, revision, "source");
    List<ChunkInfo> chunks =
        audioTrack == 0
            ? recording.chunks()
            : recording.chunks().stream()
                .flatMap(one -> one.withSound(audioTrack).stream())
                .toList();
    CutResult cut =
        Cut.exact(
            id,
            chunks,
            position(from),
            position(to),
            recording,
            made -> put(made.key(), made.content()));
    String indexKey = "clips/" + id + "/index.json";
    put(indexKey, Json.encode(cut.index()));
    Clip clip =
        new Clip(
            id,
            segment.id(),
            "lobby",
            "live",
            "goal",
            variant,
            audioTrack,
            "source",
            revision,
            MediaState.READY,
            position(from),
            position(to),
            cut.startMicros(),
            cut.endMicros(),
            cut.durationMicros(),
            "frame",
            null,
            List.of(),
            indexKey,
            null,
            null,
            null,
            null,
            1);
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), clip, null));
  }

  /** In order of position. */
  List<ReplayItem> items(int version) throws Exception {
    return await(
        Records.of(records, ReplayItem.class)
            .all(
                StoreKeys.replayItems(ID),
                ReplayItem.fromSort(version),
                ReplayItem.toSort(version)));
  }

  ClipIndex index(Replay replay) throws Exception {
    return Json.decode(await(objects.get(replay.indexKey())).getBytes(), ClipIndex.class);
  }

  /** Makes the renditions that what plays in a replay lacks, as a clipper does; how many. */
  int render(Replay replay, RenditionSpec spec) throws Exception {
    int made = 0;
    for (ReelPiece piece : ReelPiece.of(replay, items(replay.version()))) {
      String media = piece.media();
      String id =
          piece.part()
              ? Rendition.idOf(media, spec.name())
              : Ids.withoutRendition(media) + "." + spec.name();
      if (await(renditions().find(Rendition.partition(media), Rendition.sort(media, id)))
          .isEmpty()) {
        render(media, piece.part(), id, spec);
        made++;
      }
    }
    return made;
  }

  Records<Rendition> renditions() {
    return Records.of(records, Rendition.class);
  }

  private void render(String media, boolean part, String id, RenditionSpec spec) throws Exception {
    String folderOf = part ? ReelPart.folder(media) + spec.name() + "/" : "clips/" + id + "/";
    TrackInfo pictures;
    if (part) {
      ReelPart rendered =
          RenderedPart.render(
              id,
              folderOf,
              Json.decode(await(objects.get(media)).getBytes(), ReelPart.class),
              spec,
              CropPath.MIDDLE,
              VideoEncoder.OPENH264,
              this::read,
              one -> put(one.key(), one.content()));
      pictures = rendered.last().tracks().get(0);
      put(folderOf + "part.json", Json.encode(rendered));
    } else {
      byte[] index = await(objects.get("clips/" + media + "/index.json")).getBytes();
      ClipIndex rendered =
          RenderedClip.render(
              id,
              Json.decode(index, ClipIndex.class),
              spec,
              CropPath.MIDDLE,
              this::read,
              one -> put(one.key(), one.content()));
      pictures = rendered.tracks().get(0);
      put(folderOf + "index.json", Json.encode(rendered));
    }
    String clip = part ? ReelPart.clip(media) : media;
    Rendition rendition =
        new Rendition(
            id,
            clip == null ? ReelPart.name(media) : clip,
            spec.name(),
            "lobby",
            "live",
            MediaState.READY,
            pictures.width(),
            pictures.height(),
            folderOf + (part ? "part.json" : "index.json"),
            null,
            null,
            1,
            null,
            part ? media : null);
    await(renditions().put(Rendition.partition(media), rendition.sort(), rendition, null));
  }

  /** Keys of all objects below a folder. */
  List<String> keys(String below) throws Exception {
    return await(objects.list(below, null, 1000)).objects().stream().map(ObjectInfo::key).toList();
  }

  /** The numbers of its pictures, which FFmpeg decodes without a word. */
  List<Integer> seen(Replay replay) throws Exception {
    return TestVideo.cleanFrameNumbers(hls(index(replay)), 320, 180);
  }

  /** A reel as a folder; its master playlist. */
  Path hls(ClipIndex reel) throws Exception {
    Path target = Files.createDirectory(folder.resolve("hls-" + exports++));
    HlsExport.write(reel, this::read, target);
    return target.resolve("master.m3u8");
  }

  byte[] read(String key, long offset, long length) throws IOException {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  void put(String key, byte[] content) throws IOException {
    try {
      await(objects.put(key, Buffer.buffer(content), "video/mp4"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  static List<Integer> both(List<Integer> one, List<Integer> other) {
    List<Integer> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
