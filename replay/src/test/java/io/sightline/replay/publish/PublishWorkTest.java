package io.sightline.replay.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sightline.bus.TransientException;
import io.sightline.media.testing.FfmpegProgram;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.MediaProgress;
import io.sightline.records.Published;
import io.sightline.records.RenditionSpec;
import io.sightline.records.StoreKeys;
import io.sightline.storage.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a web server would serve, as a player reads it. */
class PublishWorkTest {

  private static final RenditionSpec SMALL = new RenditionSpec("small", 360, null, null);
  private static final RenditionSpec SQUARE =
      new RenditionSpec("square", 360, RenditionSpec.Aspect.SQUARE, RenditionSpec.Fit.CONTAIN);

  @TempDir Path folder;

  private Path web;
  private Reels reels;
  private PublishPlace place;

  @BeforeEach
  void open() throws Exception {
    web = folder.resolve("web");
    reels = new Reels(folder);
    place = new PublishPlace(web.toString(), "https://video.example/replays");
  }

  @AfterEach
  void close() throws Exception {
    reels.close();
  }

  /** Writes to a folder, so many files at most, and notes which. */
  private static final class Noted implements PublishTarget {

    private final PublishTarget folder;
    private final List<String> written = new ArrayList<>();
    private final int most;

    Noted(PublishTarget folder, int most) {
      this.folder = folder;
      this.most = most;
    }

    @Override
    public void put(String name, Content content, String type, boolean changes) throws IOException {
      if (written.size() >= most) {
        throw new IOException("The disk is away");
      }
      folder.put(name, content, type, changes);
      written.add(name);
    }

    @Override
    public void delete(String name) throws IOException {
      if (written.size() >= most) {
        throw new IOException("The disk is away");
      }
      folder.delete(name);
    }

    @Override
    public void close() {
      folder.close();
    }
  }

  @Test
  void publishingThatTakesLong_tellsHowManyFilesAreCopied() throws Exception {
    List<MediaProgress> told = new ArrayList<>();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    // Each look at the clock sees what was noted before, and takes three seconds.
    Clock slow =
        new Clock() {
          @Override
          public Instant instant() {
            told.addAll(noted());
            return now.updateAndGet(before -> before.plusSeconds(3));
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    reels.replay(1, true, true, 6, 2);

    new PublishWork(place, place.open(), reels.objects, reels.records, slow).update(Reels.ID);

    int media = (int) files().stream().filter(name -> name.matches(".*\\.(m4s|mp4)")).count();
    assertThat(told.get(0).doing()).isEqualTo("publishing: 1 of " + media + " files");
    assertThat(told)
        .extracting(MediaProgress::doing)
        .contains("publishing: " + (media - 1) + " of " + media + " files");
    assertThat(noted()).isEmpty();
  }

  private List<MediaProgress> noted() {
    try {
      // What was written before is there when this is.
      Reels.await(reels.records.put("barrier", "one", new byte[1], null));
      return Reels.await(
          Records.of(reels.records, MediaProgress.class)
              .all(StoreKeys.REPLAY_PROGRESS, Reels.ID + ".", Reels.ID + "/"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private PublishWork work(PublishTarget target) {
    return new PublishWork(place, target, reels.objects, reels.records, Clock.systemUTC());
  }

  private Optional<Published> published() throws Exception {
    return Reels.await(
        Records.of(reels.records, Published.class).find(StoreKeys.PUBLISHED, Reels.ID));
  }

  private Path file(String name) {
    return web.resolve(Reels.ID).resolve(name);
  }

  private static List<Integer> pictures(int... firsts) {
    return IntStream.of(firsts)
        .flatMap(first -> IntStream.range(first, first + 50))
        .boxed()
        .toList();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(web)) {
      return all.filter(Files::isRegularFile).map(path -> web.relativize(path).toString()).toList();
    }
  }

  /** Every playlist leads to what is there. */
  private void nothingDangles() throws IOException {
    if (!Files.exists(web)) {
      return;
    }
    for (String name : files()) {
      if (name.endsWith(".m3u8")) {
        Path playlist = web.resolve(name);
        for (String line : Files.readAllLines(playlist)) {
          String uri =
              line.startsWith("#EXT-X-MAP:URI=\"") || line.startsWith("#EXT-X-MEDIA:")
                  ? line.replaceFirst(".*URI=\"([^\"]+)\".*", "$1")
                  : line;
          if (!uri.startsWith("#") && !uri.isEmpty()) {
            assertThat(playlist.resolveSibling(uri)).isNotEmptyFile();
          }
        }
      }
    }
  }

  @Test
  void completeReplay_playsFromItsFolderAlone() throws Exception {
    reels.replay(1, true, true, 6, 2);

    work(place.open()).update(Reels.ID);

    reels.objects.delete("replays/" + Reels.ID + "/1/index-2.json");
    assertThat(FfmpegProgram.decodesCleanly(file("master.m3u8"))).isEmpty();
    assertThat(TestVideo.frameNumbers(file("master.m3u8"))).isEqualTo(pictures(150, 50));
    assertThat(TestVideo.frameNumbers(file("1/replay.mp4"))).isEqualTo(pictures(150, 50));
    assertThat(file("1/poster.jpg")).isNotEmptyFile();
    assertThat(Files.readString(file("1/track-1.m3u8"))).contains("VOD", "#EXT-X-ENDLIST");
    assertThat(files()).noneMatch(name -> name.contains(".draft"));
    Published published = published().orElseThrow();
    assertThat(published.master())
        .isEqualTo("https://video.example/replays/" + Reels.ID + "/master.m3u8");
    assertThat(published.mp4()).endsWith("/1/replay.mp4");
    assertThat(published.complete()).isTrue();
    assertThat(published.error()).isNull();
  }

  @Test
  void growingReplay_isAppendedTo_andWhatIsThereIsNotCopiedAgain() throws Exception {
    Noted target = new Noted(place.open(), Integer.MAX_VALUE);
    PublishWork work = work(target);
    reels.replay(1, false, true, 2);
    work.update(Reels.ID);
    nothingDangles();
    String before = Files.readString(file("1/track-1.m3u8"));
    assertThat(before).contains("EVENT").doesNotContain("ENDLIST");
    target.written.clear();

    reels.replay(1, false, true, 2, 6);
    work.update(Reels.ID);
    nothingDangles();

    String after = Files.readString(file("1/track-1.m3u8"));
    assertThat(after).startsWith(before);
    assertThat(after.length()).isGreaterThan(before.length());
    assertThat(target.written).doesNotContain(Reels.ID + "/1/seg-1-0.m4s");
    target.written.clear();
    work.update(Reels.ID);
    assertThat(target.written).isEmpty();

    reels.replay(1, true, true, 2, 6);
    work.update(Reels.ID);
    nothingDangles();
    assertThat(TestVideo.frameNumbers(file("master.m3u8"))).isEqualTo(pictures(50, 150));
  }

  @Test
  void otherChoice_isAnotherFolder_andTheLastTwoStay() throws Exception {
    PublishWork work = work(place.open());
    for (int version = 1; version <= 3; version++) {
      reels.replay(version, true, true, 2 * version);
      work.update(Reels.ID);
      nothingDangles();
    }

    assertThat(TestVideo.frameNumbers(file("master.m3u8"))).isEqualTo(pictures(150));
    assertThat(TestVideo.frameNumbers(file("2/track-1.m3u8"))).isEqualTo(pictures(100));
    assertThat(file("1")).doesNotExist();
    assertThat(published().orElseThrow().versions()).containsExactly(2, 3);
  }

  @Test
  void completeReplay_isPublishedInItsOtherSizesAndShapes() throws Exception {
    reels.replay(1, true, true, 6, 2);
    for (int second : new int[] {6, 2}) {
      reels.rendition(SMALL, second);
      reels.rendition(SQUARE, second);
    }

    work(place.open()).update(Reels.ID);

    nothingDangles();
    assertThat(Files.readString(file("master.m3u8"))).contains("1/track-1.m3u8", "1/small/track-1");
    for (String shape : List.of("square", "small")) {
      Path master = file("master-" + shape + ".m3u8");
      assertThat(FfmpegProgram.decodesCleanly(master)).isEmpty();
      assertThat(TestVideo.frameNumbers(file("1/" + shape + "/replay.mp4"))).hasSize(100);
    }
    assertThat(TestVideo.frameNumbers(file("master-small.m3u8"))).isEqualTo(pictures(150, 50));
    assertThat(published().orElseThrow().renditions())
        .extracting(Published.Copy::name, Published.Copy::width, Published.Copy::height)
        .contains(tuple("square", 360, 360));
    assertThat(published().orElseThrow().renditions())
        .extracting(Published.Copy::mp4)
        .contains("https://video.example/replays/" + Reels.ID + "/1/small/replay.mp4");
  }

  @Test
  void renditionsThatComeLater_areThereOnceAllClipsHaveThem() throws Exception {
    Noted target = new Noted(place.open(), Integer.MAX_VALUE);
    PublishWork work = work(target);
    reels.replay(1, true, true, 6, 2);
    work.update(Reels.ID);
    target.written.clear();

    work.made(reels.rendition(SMALL, 6));

    assertThat(target.written).isEmpty();
    work.made(reels.rendition(SMALL, 2));
    assertThat(Files.readString(file("master.m3u8"))).contains("1/small/track-1");
    nothingDangles();
    // Two recordings and the same sound: what was there is not copied again.
    assertThat(target.written).doesNotContain(Reels.ID + "/1/seg-1-0.m4s");
  }

  @Test
  void growingReplay_showsItsRenditionAgainWhenThatHasCaughtUp() throws Exception {
    PublishWork work = work(place.open());
    reels.rendition(SMALL, 2);
    reels.replay(1, false, true, 2);
    work.update(Reels.ID);
    assertThat(Files.readString(file("master.m3u8"))).contains("1/small/");
    String before = Files.readString(file("1/small/track-1.m3u8"));

    reels.replay(1, false, true, 2, 6);
    work.update(Reels.ID);
    nothingDangles();
    assertThat(Files.readString(file("master.m3u8"))).doesNotContain("1/small/");
    assertThat(file("1/small/track-1.m3u8")).hasContent(before);

    work.made(reels.rendition(SMALL, 6));
    nothingDangles();
    assertThat(Files.readString(file("master.m3u8"))).contains("1/small/");
    assertThat(Files.readString(file("1/small/track-1.m3u8")))
        .startsWith(before)
        .isNotEqualTo(before);
  }

  @Test
  void versionThatGoes_takesAlongWhatLeadsToItsRenditions() throws Exception {
    PublishWork work = work(place.open());
    reels.rendition(SQUARE, 2);
    for (int version = 1; version <= 3; version++) {
      assertThat(Files.exists(file("master-square.m3u8"))).isEqualTo(version > 1);
      reels.replay(version, true, true, 2 * version);
      work.update(Reels.ID);
      nothingDangles();
    }

    assertThat(file("master-square.m3u8")).doesNotExist();
    assertThat(published().orElseThrow().renditions()).isEmpty();
  }

  @Test
  void notToBePublishedAnyMore_orDeleted_leavesNothing() throws Exception {
    PublishWork work = work(place.open());
    reels.replay(1, true, true, 2);
    work.update(Reels.ID);
    reels.replay(1, true, false, 2);
    work.update(Reels.ID);
    assertThat(web.resolve(Reels.ID)).doesNotExist();
    assertThat(published()).isEmpty();

    reels.replay(1, true, true, 2);
    work.update(Reels.ID);
    assertThat(file("master.m3u8")).exists();
    reels.gone();
    work.update(Reels.ID);

    assertThat(web.resolve(Reels.ID)).doesNotExist();
    assertThat(published()).isEmpty();
  }

  @Test
  void notAskedFor_isNotPublished() throws Exception {
    reels.replay(1, true, false, 2);

    work(place.open()).update(Reels.ID);

    assertThat(files()).isEmpty();
    assertThat(published()).isEmpty();
  }

  @Test
  void killedAfterEachFile_namesNothingThatIsNotThere_andEndsWithTheSame() throws Exception {
    reels.rendition(SQUARE, 4);
    reels.rendition(SQUARE, 2);
    boolean killed = true;
    int writes = 0;
    while (killed) {
      Files.createDirectories(web);
      new FolderTarget(web.getParent()).delete("web/");
      Reels.await(reels.records.delete(StoreKeys.PUBLISHED, Reels.ID));
      reels.replay(1, false, true, 2);
      work(place.open()).update(Reels.ID);
      reels.replay(2, true, true, 4, 2);
      PublishWork doomed = work(new Noted(place.open(), writes++));
      killed = false;
      try {
        doomed.update(Reels.ID);
      } catch (TransientException e) {
        killed = true;
      }
      nothingDangles();

      work(place.open()).update(Reels.ID);

      nothingDangles();
      assertThat(Files.readString(file("master-square.m3u8"))).contains("2/square/");
      assertThat(published().orElseThrow().version()).isEqualTo(2);
    }
    assertThat(TestVideo.frameNumbers(file("master.m3u8"))).isEqualTo(pictures(100, 50));
    assertThat(writes).isGreaterThan(10);
  }

  @Test
  void stopped_leavesTheRestToTheNextStart() throws Exception {
    reels.replay(1, true, true, 2);
    PublishWork work = work(place.open());
    work.stop();

    assertThatThrownBy(() -> work.update(Reels.ID)).isInstanceOf(TransientException.class);

    assertThat(file("master.m3u8")).doesNotExist();
  }

  @Test
  void refused_isToldAndTriedAgainWhenItIsAskedFor() throws Exception {
    PublishTarget never =
        new PublishTarget() {
          @Override
          public void put(String name, Content content, String type, boolean changes)
              throws IOException {
            throw new RefusedException("The bucket 'videos' does not take it: no right", null);
          }

          @Override
          public void delete(String name) {
            // Nothing is there.
          }

          @Override
          public void close() {
            // Nothing is held.
          }
        };
    reels.replay(1, true, true, 2);

    work(never).update(Reels.ID);

    assertThat(published().orElseThrow().error()).contains("no right");
    assertThat(published().orElseThrow().master()).isNull();
    work(place.open()).update(Reels.ID);
    assertThat(published().orElseThrow().error()).isNull();
    assertThat(file("master.m3u8")).exists();
  }
}
