package io.sightline.replay;

import static io.sightline.replay.JoinedReels.FADE;
import static io.sightline.replay.JoinedReels.both;
import static io.sightline.replay.JoinedReels.range;
import static io.sightline.replay.JoinedReels.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.hls.ReelPlaylists;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.ClipIndex;
import io.sightline.records.MediaState;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionSpec;
import io.sightline.records.RenditionSpec.Aspect;
import io.sightline.records.RenditionSpec.Fit;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.replay.publish.EncodedReels;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays with transitions in other encodings. */
class TransitionRenditionsTest {

  private static final RenditionSpec SMALL = new RenditionSpec("360p", 360, null, null);
  private static final RenditionSpec SQUARE =
      new RenditionSpec("square", 360, Aspect.SQUARE, Fit.STRETCH);

  @TempDir Path folder;
  private JoinedReels reels;
  private EncodedReels encoded;

  @BeforeEach
  void open() throws Exception {
    reels = new JoinedReels(folder, TestVideo.plain().sound().file(), Clock.systemUTC());
    encoded = new EncodedReels(reels.records, reels::read);
  }

  @AfterEach
  void close() throws Exception {
    reels.close();
  }

  @Test
  void replayThatFades_hasThePicturesOfItsReel_inEachEncodingThatAllOfItHas() throws Exception {
    withClips();
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.clip(210, 240);
    reels.finish();
    Replay replay =
        reels.built(
            request(
                1,
                new Transitions(
                    new Transitions.Fade(400, 400, null, null), "sting", "opener", "closer")));
    assertThat(encoded.of(replay)).isEmpty();

    // Three items, and three clips, one of them twice.
    assertThat(reels.render(replay, SMALL)).isEqualTo(3 + 3);
    reels.render(replay, SQUARE);

    List<Integer> source = reels.seen(replay);
    Map<String, ClipIndex> found = encoded.of(replay);
    assertThat(found).containsOnlyKeys("360p", "square");
    List<Integer> small = TestVideo.cleanFrameNumbers(reels.hls(found.get("360p")), 320, 180);
    assertThat(small).hasSameSizeAs(source).hasSize(50 + 75 + 20 + 81 + 20 + 30 + 30);
    assertThat(small.subList(0, 115)).isEqualTo(both(range(0, 50), range(10, 75)));
    assertThat(small.subList(125, 145)).isEqualTo(range(0, 20));
    assertThat(small.subList(155, 216)).isEqualTo(range(130, 191));
    assertThat(small.subList(276, 306)).isEqualTo(range(0, 30));
    assertThat(TestVideo.cleanFrameNumbers(reels.hls(found.get("square")), 360, 360))
        .hasSameSizeAs(source);
  }

  @Test
  void itemThatDoesNotFade_isShownByTheRenditionOfItsClip() throws Exception {
    withClips();
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    Replay replay = reels.built(request(1, new Transitions(null, null, "opener", null)));

    reels.render(replay, SMALL);

    assertThat(all().stream().filter(one -> one.part() == null)).hasSize(2);
    assertThat(TestVideo.cleanFrameNumbers(reels.hls(encoded.of(replay).get("360p")), 320, 180))
        .isEqualTo(both(range(0, 50), both(range(10, 85), range(120, 201))));
    // The same clips without the opener need nothing more.
    Replay plain = reels.built(request(2, null));
    assertThat(reels.render(plain, SMALL)).isZero();
    assertThat(encoded.of(plain)).containsOnlyKeys("360p");
  }

  @Test
  void growingOne_namesNothingThatChanges_inOtherEncodingsEither() throws Exception {
    ReplayRequest request = request(1, FADE);
    String[] named = {"", ""};
    String[] source = {"", ""};
    int[][] cuts = {{10, 110}, {120, 180}, {190, 240}};
    for (int[] cut : cuts) {
      reels.clip(cut[0], cut[1]);
      Replay replay = reels.built(request);
      assertThat(replay.complete()).isFalse();
      reels.render(replay, SMALL);
      source = goesOn(source, reels.index(replay));
      named = goesOn(named, encoded.of(replay).get("360p"));
    }
    reels.finish();
    Replay complete = reels.builder.build(request);
    assertThat(complete.complete()).isTrue();

    // What is rendered of a part is so for all of its ends.
    assertThat(reels.render(complete, SMALL)).isZero();
    ClipIndex reel = encoded.of(complete).get("360p");

    goesOn(named, reel);
    List<Integer> seen = TestVideo.cleanFrameNumbers(reels.hls(reel), 320, 180);
    assertThat(seen).hasSize(100 + 60 + 50);
    assertThat(seen.subList(170, 210)).isEqualTo(range(200, 240));
  }

  private static String[] goesOn(String[] named, ClipIndex reel) {
    String[] now = new String[2];
    for (int track = 1; track <= 2; track++) {
      now[track - 1] = ReelPlaylists.media(reel, track, false);
      assertThat(now[track - 1]).startsWith(named[track - 1]);
    }
    return now;
  }

  @Test
  void publishedOne_isCopiedInOtherEncodings_whicheverOfItsPartsIsTheLastToBeMade()
      throws Exception {
    withClips();
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    ReplayRequest wanted =
        request(
            1, new Transitions(new Transitions.Fade(400, 400, null, null), null, "opener", null));
    Replay replay =
        reels.built(
            new ReplayRequest(
                wanted.replay(),
                wanted.kind(),
                wanted.title(),
                wanted.selection(),
                true,
                "test",
                1,
                1,
                null,
                true,
                null,
                wanted.transitions()));
    reels.render(replay, SMALL);
    List<Rendition> made = all();
    made.addAll(JoinedReels.await(reels.renditions().all(StoreKeys.INSERT_RENDITIONS, null, null)));
    assertThat(made).hasSize(3);
    for (Rendition last : made) {
      Path web = folder.resolve("web-" + last.id());

      EncodedReels.made(last, web, reels.objects, reels.records);

      Path published = web.resolve(JoinedReels.ID);
      assertThat(published.resolve("master.m3u8")).content().contains("1/360p/track-1");
      for (Path file :
          List.of(published.resolve("master-360p.m3u8"), published.resolve("1/360p/replay.mp4"))) {
        List<Integer> seen = TestVideo.cleanFrameNumbers(file, 320, 180);
        assertThat(seen).hasSize(50 + 75 + 81);
        assertThat(seen.subList(0, 115)).isEqualTo(both(range(0, 50), range(10, 75)));
      }
      JoinedReels.await(reels.records.delete(StoreKeys.PUBLISHED, JoinedReels.ID));
    }
  }

  @Test
  void partThatOtherReplaysUseToo_isRenderedOnce() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    Replay first = reels.built(request(1, FADE));
    assertThat(reels.render(first, SMALL)).isEqualTo(2);
    ReplayRequest wanted = request(1, FADE);
    ReplayRequest other =
        new ReplayRequest(
            "others",
            wanted.kind(),
            "Others",
            wanted.selection(),
            false,
            "test",
            1,
            1,
            null,
            false,
            null,
            FADE);

    Replay second = reels.builder.build(other);

    assertThat(second.complete()).isTrue();
    assertThat(reels.asked).isEmpty();
    assertThat(encoded.of(second)).containsOnlyKeys("360p");
  }

  @Test
  void partOfWhichARenditionFailed_keepsItsReplayFromThatAlone() throws Exception {
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
    Replay replay = reels.built(request(1, FADE));
    reels.render(replay, SMALL);
    reels.render(replay, SQUARE);
    Rendition made =
        all().stream().filter(one -> one.name().equals("square")).findFirst().orElseThrow();
    Optional<String> part =
        reels.items(1).stream().map(ReplayItem::parts).map(ReplayItem.Parts::own).findFirst();
    assertThat(part).contains(made.part());
    JoinedReels.await(
        reels.renditions().put(Rendition.partition(made.media()), made.sort(), failed(made), null));

    assertThat(encoded.of(replay)).containsOnlyKeys("360p");
  }

  private static Rendition failed(Rendition made) {
    return new Rendition(
        made.id(),
        made.clip(),
        made.name(),
        made.stream(),
        made.run(),
        MediaState.FAILED,
        0,
        0,
        null,
        null,
        "it is made of wood",
        2,
        null,
        made.part());
  }

  private List<Rendition> all() throws Exception {
    return JoinedReels.await(reels.renditions().all(StoreKeys.renditions("lobby"), null, null));
  }

  private void withClips() throws Exception {
    TestVideo video = TestVideo.plain().size(160, 90);
    reels.restart(
        TransitionFiles.read(
            Map.of(
                "opener", video.pictures(50).sound().file(),
                "sting", video.pictures(20).file(),
                "closer", video.pictures(30).file()),
            Map.of()));
  }
}
