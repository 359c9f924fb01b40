package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.media.cmaf.Recording;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.media.cut.EncodedPart;
import io.sightline.media.hls.HlsExport;
import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.Clip;
import io.sightline.records.ClipIndex;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Progress;
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import io.sightline.records.StageProgress;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.DiskObjectStore;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.SqliteRecordStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays whose items fade, with what a clipper makes of their orders, and nothing but that. */
class ReplayTransitionsTest {

  private static final String ID = "goals";
  private static final long END = Recording.START + 10_000_000;
  private static final Progress NOBODY = (doing, fraction) -> {};
  private static final Transitions FADE =
      new Transitions(new Transitions.Fade(400, 400, null, null), null, null, null);

  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, ReelPartOrder> asked = new HashMap<>();
  private final Recording recording = new Recording("lobby").add(TestVideo.plain().sound().file());
  private ObjectStore objects;
  private RecordStore records;
  private ReplayBuilder builder;
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

  @BeforeEach
  void open() throws Exception {
    objects = await(DiskObjectStore.open(vertx, folder.resolve("objects")));
    records = await(SqliteRecordStore.open(vertx, folder.resolve("records.sqlite")));
    for (Map.Entry<String, byte[]> object : recording.objects().entrySet()) {
      put(object.getKey(), object.getValue());
    }
    segmented(Recording.START);
    restart();
  }

  /** As after a kill: nothing is remembered. */
  private void restart() {
    builder = new ReplayBuilder(vertx, objects, records, writer, TransitionFiles.NONE);
  }

  @AfterEach
  void close() throws Exception {
    await(records.close().eventually(objects::close));
    await(vertx.close());
  }

  @Test
  void build_whileItGrows_namesNothingThatChangesAndEndsAsIfAskedForAfterwards() throws Exception {
    ReplayRequest request = request(1, FADE);
    String[] named = {"", ""};
    int[][] cuts = {{10, 85}, {90, 105}, {120, 201}};
    for (int cut = 0; cut < cuts.length; cut++) {
      clip(cuts[cut][0], cuts[cut][1]);
      Replay waiting = builder.build(request);
      assertThat(waiting.version()).isEqualTo(1);
      assertThat(waiting.segments()).isEqualTo(cut);
      assertThat(items(1).get(cut).reason()).endsWith("; its transition is being made");
      if (cut == 1) {
        restart();
      }
      makeParts();
      Replay replay = builder.build(request);
      assertThat(replay.segments()).isEqualTo(cut + 1);
      assertThat(replay.version()).isEqualTo(1);
      assertThat(replay.complete()).isFalse();
      assertThat(builder.build(request)).isEqualTo(replay);
      for (int track = 1; track <= 2; track++) {
        String now = ReelPlaylists.media(index(replay), track, false);
        assertThat(now).startsWith(named[track - 1]);
        named[track - 1] = now;
      }
    }
    finish();

    Replay complete = builder.build(request);

    assertThat(complete.complete()).isTrue();
    assertThat(complete.version()).isEqualTo(1);
    for (int track = 1; track <= 2; track++) {
      assertThat(ReelPlaylists.media(index(complete), track, false)).startsWith(named[track - 1]);
    }
    List<Integer> seen = seen(complete);
    assertThat(seen).hasSize(75 + 15 + 81);
    assertThat(seen.subList(0, 65)).isEqualTo(range(10, 75));
    // Nothing is left of the middle one but its fades; the last one ends as it is.
    assertThat(seen.subList(90 + 10, 171)).isEqualTo(range(130, 201));
    assertThat(items(1))
        .extracting(ReplayItem::reason)
        .containsExactly(
            "it lies in the window",
            "it lies in the window; a fade is shortened to 0.30 s, half of it",
            "it lies in the window");

    ReplayRequest later = request(2, FADE);
    Replay again = builder.build(later);
    assertThat(index(again)).isEqualTo(index(complete));
  }

  @Test
  void build_withAnotherLength_makesOnlyEdgesAndPlaysTheOldReelUntilThen() throws Exception {
    clip(10, 85);
    clip(120, 201);
    finish();
    builder.build(request(1, FADE));
    makeParts();
    Replay before = builder.build(request(1, FADE));
    assertThat(before.complete()).isTrue();
    Transitions longer =
        new Transitions(new Transitions.Fade(800, 800, "#ffffff", null), null, null, null);

    assertThat(builder.build(request(2, longer))).isEqualTo(before);
    List<String> made = makeParts();
    Replay after = builder.build(request(2, longer));

    assertThat(after.version()).isEqualTo(2);
    assertThat(after.requestRevision()).isEqualTo(2);
    assertThat(after.complete()).isTrue();
    assertThat(made).allMatch(key -> key.matches("clips/.*/(in|out|before|init)-.*"));
    assertThat(seen(after)).hasSize(75 + 81);
    // Without any, it is the plain reel at once.
    Replay plain = builder.build(request(3, null));
    assertThat(plain.version()).isEqualTo(3);
    assertThat(seen(plain)).isEqualTo(both(range(10, 85), range(120, 201)));
    // What was made for the first length is there, so nothing is made anew.
    asked.clear();
    assertThat(builder.build(request(4, FADE)).version()).isEqualTo(4);
    assertThat(asked).isEmpty();
  }

  @Test
  void cancel_ofAGrowingOne_showsItsLastItemToTheEnd() throws Exception {
    clip(10, 85);
    clip(120, 201);
    builder.build(request(1, FADE));
    makeParts();
    Replay growing = builder.build(request(1, FADE));
    assertThat(ReelPlaylists.media(index(growing), 1, true)).contains("ENDLIST");
    assertThat(seen(growing)).hasSizeLessThan(75 + 81);

    builder.cancel(
        new ReplayRequest(ID, ReplayRequest.Kind.CANCEL, null, null, false, "test", 1, 2));

    Replay cancelled = await(Records.of(records, Replay.class).find(StoreKeys.REPLAYS, ID)).get();
    assertThat(cancelled.state()).isEqualTo(MediaState.CANCELLED);
    assertThat(seen(cancelled)).hasSize(75 + 81).endsWith(200);
  }

  @Test
  void build_whatCannotFade_isThereAndSaysWhy() throws Exception {
    clip(10, 85);
    clip(120, 201);
    finish();
    builder.build(request(1, FADE));
    for (ReelPartOrder order : asked.values()) {
      put(order.key(), Json.encode(ReelPart.failed("its pictures are made of wood")));
    }

    Replay replay = builder.build(request(1, FADE));

    assertThat(replay.complete()).isTrue();
    assertThat(seen(replay)).isEqualTo(both(range(10, 85), range(120, 201)));
    assertThat(items(1))
        .extracting(ReplayItem::reason)
        .allMatch(
            why -> why.endsWith("does not fade, for it cannot: its pictures are made of wood"));
  }

  @Test
  void build_withClips_playsThemBeforeBetweenAndAfterTheItems() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90);
    useFiles(
        TransitionFiles.read(
            Map.of(
                "opener", video.pictures(50).sound().file(),
                "sting", video.pictures(20).container(TestVideo.Container.TS).file(),
                "closer", video.pictures(30).file()),
            Map.of()));
    ReplayRequest request =
        request(
            1,
            new Transitions(
                new Transitions.Fade(400, null, null, null), "sting", "opener", "closer"));
    String named = "";
    int[][] cuts = {{10, 85}, {120, 201}, {210, 240}};
    for (int[] cut : cuts) {
      clip(cut[0], cut[1]);
      builder.build(request);
      makeParts();
      Replay growing = builder.build(request);
      String now = ReelPlaylists.media(index(growing), 1, false);
      assertThat(now).startsWith(named);
      named = now;
      assertThat(growing.version()).isEqualTo(1);
    }
    finish();

    Replay replay = builder.build(request);

    assertThat(ReelPlaylists.media(index(replay), 1, false)).startsWith(named);
    assertThat(index(replay).tracks()).as("one header for each track").hasSize(2);
    List<Integer> seen = seen(replay);
    assertThat(seen).hasSize(50 + 75 + 20 + 81 + 20 + 30 + 30);
    assertThat(seen.subList(0, 50)).isEqualTo(range(0, 50));
    assertThat(seen.subList(50, 115)).isEqualTo(range(10, 75));
    assertThat(seen.subList(125, 145)).isEqualTo(range(0, 20));
    // Nothing fades in.
    assertThat(seen.subList(145, 216)).isEqualTo(range(120, 191));
    assertThat(seen.subList(226, 306))
        .isEqualTo(both(both(range(0, 20), range(210, 240)), range(0, 30)));
    assertThat(items(1))
        .extracting(ReplayItem::offsetMicros)
        .containsExactly(2_000_000L, (50 + 75 + 20) * 40_000L, (145 + 81 + 20) * 40_000L);
    assertThat(replay.durationMicros()).isEqualTo(306 * 40_000L);
  }

  @Test
  void build_withAClipThatCannotBeShown_playsWithoutItAndSaysSo() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90).pictures(20);
    useFiles(TransitionFiles.read(Map.of("opener", video.file()), Map.of()));
    clip(10, 85);
    finish();
    ReplayRequest request = request(1, new Transitions(null, null, "opener", null));
    builder.build(request);
    for (ReelPartOrder order : asked.values()) {
      ReelPart failed = ReelPart.failed("it is made of wood");
      put(
          order.key(),
          Json.encode(
              order.file() == null
                  ? EncodedPart.make(
                      order, this::read, one -> put(one.key(), one.content()), NOBODY)
                  : failed));
    }

    Replay replay = builder.build(request);

    assertThat(seen(replay)).isEqualTo(range(10, 85));
    assertThat(items(1).get(0).reason())
        .endsWith("; a clip of its transitions cannot be shown: it is made of wood");
  }

  @Test
  void build_withWhatIsNotConfiguredAnyMore_failsAndSaysSo() throws Exception {
    clip(10, 85);

    Replay replay = builder.build(request(1, new Transitions(null, "sting", null, null)));

    assertThat(replay.state()).isEqualTo(MediaState.FAILED);
    assertThat(replay.error()).isEqualTo("The clip 'sting' is not configured here any more");
  }

  @Test
  void build_intoAPicture_showsItBetweenTheItems() throws Exception {
    Path white = folder.resolve("white.png");
    BufferedImage image = new BufferedImage(64, 36, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, 64, 36);
    pen.dispose();
    ImageIO.write(image, "png", white.toFile());
    useFiles(TransitionFiles.read(Map.of(), Map.of("white", white)));
    clip(10, 60);
    clip(120, 170);
    finish();
    ReplayRequest request =
        request(
            1, new Transitions(new Transitions.Fade(400, 400, null, "white"), null, null, null));
    builder.build(request);
    makeParts();

    Path target = folder.resolve("picture");
    HlsExport.write(index(builder.build(request)), this::read, target);

    byte[] gray =
        FfmpegProgram.ffmpeg(
                List.of(
                    "-i",
                    target.resolve("master.m3u8").toString(),
                    "-map",
                    "0:v",
                    "-f",
                    "rawvideo",
                    "-pix_fmt",
                    "gray",
                    "-"))
            .output();
    for (int picture : List.of(49, 50)) {
      for (int at = 0; at < 320 * 180; at += 101) {
        assertThat(gray[picture * 320 * 180 + at] & 0xff).isGreaterThan(245);
      }
    }
  }

  @Test
  void read_ofFilesThatCannotBeUsed_namesTheKeyAndWhy() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "no media at all");
    Path missing = folder.resolve("missing");
    Map<String, Path> none = Map.of();
    assertThatThrownBy(() -> TransitionFiles.read(Map.of("sting", missing), none))
        .hasMessage(
            "transitions.clips.sting: " + missing + " cannot be used: there is no such file");
    assertThatThrownBy(() -> TransitionFiles.read(Map.of("sting", text), none))
        .hasMessageStartingWith("transitions.clips.sting: " + text + " cannot be used: ");
    assertThatThrownBy(() -> TransitionFiles.read(none, Map.of("crest", text)))
        .hasMessage(
            "transitions.pictures.crest: "
                + text
                + " cannot be used: It is neither a PNG nor a JPEG");
  }

  /** As the verticle does when it starts. */
  private void useFiles(TransitionFiles used) throws Exception {
    for (Map.Entry<String, Path> file : used.byKey().entrySet()) {
      put(file.getKey(), Files.readAllBytes(file.getValue()));
    }
    builder = new ReplayBuilder(vertx, objects, records, writer, used);
  }

  /** What a clipper does with orders; the keys of the objects that it stored. */
  private List<String> makeParts() throws Exception {
    List<String> made = new ArrayList<>();
    for (ReelPartOrder order : asked.values()) {
      ReelPart part =
          EncodedPart.make(
              order,
              this::read,
              object -> {
                made.add(object.key());
                put(object.key(), object.content());
              },
              NOBODY);
      put(order.key(), Json.encode(part));
    }
    asked.clear();
    return made;
  }

  private static ReplayRequest request(int revision, Transitions transitions) {
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
        null,
        transitions);
  }

  /** The window is over. */
  private void finish() throws Exception {
    segmented(END);
  }

  private void segmented(long positionMicros) throws Exception {
    StageProgress progress =
        new StageProgress("segmenter", "lobby", "live", "epoch", positionMicros, false, 1, 1);
    await(
        Records.of(records, StageProgress.class)
            .put(StoreKeys.progress("lobby"), "live.segmenter", progress, null));
  }

  private void clip(int from, int to) throws Exception {
    long start = Recording.START + from * 40_000L;
    long end = Recording.START + to * 40_000L;
    Segment segment =
        new Segment(
            Ids.segment("lobby", "live", "presence", start),
            "lobby",
            "live",
            "presence",
            "1700000000000000-local",
            start,
            end,
            "goal",
            null,
            Map.of(),
            null,
            false,
            1,
            1);
    String id = Ids.clip(segment.id(), ClipVariant.ORIGINAL, 0, 1, "source");
    CutResult cut =
        Cut.exact(
            id, recording.chunks(), start, end, recording, made -> put(made.key(), made.content()));
    String indexKey = "clips/" + id + "/index.json";
    put(indexKey, Json.encode(cut.index()));
    Clip clip =
        new Clip(
            id,
            segment.id(),
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
        Records.of(records, Segment.class)
            .put(StoreKeys.segments("lobby"), StoreKeys.sortOf(segment.id()), segment, null));
    await(
        Records.of(records, Clip.class)
            .put(StoreKeys.clips("lobby"), StoreKeys.sortOf(id), clip, null));
  }

  /** In order of position. */
  private List<ReplayItem> items(int version) throws Exception {
    return await(
        Records.of(records, ReplayItem.class)
            .all(
                StoreKeys.replayItems(ID),
                ReplayItem.fromSort(version),
                ReplayItem.toSort(version)));
  }

  private ClipIndex index(Replay replay) throws Exception {
    return Json.decode(await(objects.get(replay.indexKey())).getBytes(), ClipIndex.class);
  }

  /** The numbers of its pictures, which FFmpeg decodes without a word. */
  private List<Integer> seen(Replay replay) throws Exception {
    Path target = Files.createDirectory(folder.resolve("hls-" + exports++));
    HlsExport.write(index(replay), this::read, target);
    return TestVideo.cleanFrameNumbers(target.resolve("master.m3u8"), 320, 180);
  }

  private byte[] read(String key, long offset, long length) throws IOException {
    try {
      return await(objects.get(key, offset, length)).getBytes();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void put(String key, byte[] content) throws IOException {
    try {
      await(objects.put(key, Buffer.buffer(content), "video/mp4"));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static List<Integer> both(List<Integer> one, List<Integer> other) {
    List<Integer> both = new ArrayList<>(one);
    both.addAll(other);
    return both;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(60, TimeUnit.SECONDS);
  }
}
