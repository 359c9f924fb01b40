package io.sightline.replay;

import static io.sightline.replay.JoinedReels.FADE;
import static io.sightline.replay.JoinedReels.await;
import static io.sightline.replay.JoinedReels.range;
import static io.sightline.replay.JoinedReels.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Writer;
import io.sightline.media.testing.TestVideo;
import io.sightline.records.PartUse;
import io.sightline.records.ReelPart;
import io.sightline.records.Rendition;
import io.sightline.records.RenditionSpec;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.records.Transitions;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.sightline.storage.StorageException;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is deleted of that which replays are joined by, and what never. */
class PartRemovalTest {

  private static final RenditionSpec SMALL = new RenditionSpec("360p", 360, null, null);
  private static final Transitions WITH_OPENER =
      new Transitions(new Transitions.Fade(400, 400, null, null), null, "opener", null);
  private static final Duration LONG = Duration.ofMinutes(61);

  @TempDir Path folder;
  private final Moved clock = new Moved();
  private JoinedReels reels;
  private TransitionFiles opener;

  /** A clock that stands until it is moved. */
  private static final class Moved extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void open() throws Exception {
    reels = new JoinedReels(folder, TestVideo.plain().sound().file(), clock);
    opener = opener(30);
    reels.restart(opener);
    reels.clip(10, 85);
    reels.clip(120, 201);
    reels.finish();
  }

  @AfterEach
  void close() throws Exception {
    reels.close();
  }

  @Test
  void partsOfAReplay_stayWhileItPlaysThem_andGoWithIt() throws Exception {
    List<String> before = reels.keys("clips/");
    Replay replay = reels.built(request(1, WITH_OPENER));
    reels.render(replay, SMALL);
    assertThat(reels.keys("inserts/")).hasSizeGreaterThan(4);
    assertThat(removal().look()).isZero();
    clock.now = clock.now.plus(LONG);
    reels.files.store();
    assertThat(removal().look()).isZero();
    assertThat(reels.seen(replay)).hasSize(30 + 75 + 81);

    delete(JoinedReels.ID);
    assertThat(removal().look()).isEqualTo(3);

    assertThat(reels.keys("clips/")).isEqualTo(before);
    // The file is configured: other replays may ask for it.
    assertThat(reels.keys("inserts/")).hasSize(1).allMatch(key -> key.endsWith("/file"));
    assertThat(renditions()).isEmpty();
    assertThat(all(PartUse.class, StoreKeys.PART_USES)).isEmpty();
    assertThat(removal().look()).isZero();
  }

  @Test
  void partThatAnotherReplayPlaysToo_stays() throws Exception {
    reels.built(request(1, WITH_OPENER));
    ReplayRequest one = request(1, WITH_OPENER);
    Replay other = reels.builder.build(as("other", one));
    assertThat(other.complete()).isTrue();
    delete(JoinedReels.ID);
    clock.now = clock.now.plus(LONG);
    reels.files.store();

    assertThat(removal().look()).isZero();

    assertThat(reels.seen(other)).hasSize(30 + 75 + 81);
  }

  @Test
  void partsOfTheVersionBefore_goWhenItIsMadeAnew() throws Exception {
    reels.built(request(1, WITH_OPENER));
    Replay changed = reels.built(request(2, FADE));
    assertThat(changed.version()).isEqualTo(2);
    clock.now = clock.now.plus(LONG);
    reels.files.store();

    // Of the clips it shows the same parts.
    assertThat(removal().look()).isEqualTo(1);

    assertThat(reels.keys("inserts/")).hasSize(1);
    assertThat(reels.seen(changed)).hasSize(75 + 81);
  }

  @Test
  void fileThatIsReplacedByAnother_isAnotherInsert_andGoesWhenNobodyWantsIt() throws Exception {
    Replay first = reels.built(request(1, WITH_OPENER));
    reels.restart(opener(40));
    Replay second = reels.built(request(2, WITH_OPENER));

    assertThat(reels.seen(first).subList(0, 30)).isEqualTo(range(0, 30));
    assertThat(reels.seen(first)).hasSize(30 + 75 + 81);
    assertThat(second.version()).isEqualTo(2);
    assertThat(reels.seen(second).subList(0, 40)).isEqualTo(range(0, 40));
    assertThat(reels.keys("inserts/").stream().filter(key -> key.endsWith("/file"))).hasSize(2);
    clock.now = clock.now.plus(LONG);
    reels.files.store();

    // The file, and what was made of it.
    assertThat(removal().look()).isEqualTo(2);

    assertThat(reels.keys("inserts/").stream().filter(key -> key.endsWith("/file"))).hasSize(1);
    assertThat(reels.seen(second)).hasSize(40 + 75 + 81);
  }

  @Test
  void partThatAReplayIsAboutToName_isNotDeleted_howeverTheyMeet() throws Exception {
    reels.built(request(1, WITH_OPENER));
    delete(JoinedReels.ID);
    clock.now = clock.now.plus(LONG);
    reels.files.store();
    ReplayRequest wanted = as("other", request(1, WITH_OPENER));
    reels.restart(opener);
    Replay[] built = new Replay[1];
    // Nobody uses them, says the look; then a replay is made of them, then the look goes on.
    RecordStore between =
        watched(
            RecordStore.class,
            reels.records,
            (method, arguments) -> {
              if (method.equals("putIf") && built[0] == null) {
                built[0] = reels.builder.build(wanted);
              }
            });

    int deleted = new PartRemoval(reels.objects, between, clock).look();

    assertThat(deleted).isZero();
    assertThat(built[0].complete()).isTrue();
    assertThat(reels.seen(built[0])).hasSize(30 + 75 + 81);
  }

  @Test
  void partThatIsBeingDeleted_isNotNamed_andMadeAnewUnderAnotherKey() throws Exception {
    reels.built(request(1, FADE));
    Set<String> keys = named(JoinedReels.ID, 1);
    delete(JoinedReels.ID);
    clock.now = clock.now.plus(LONG);
    ReplayRequest wanted = as("other", request(1, FADE));
    reels.restart(opener);
    Replay[] meanwhile = new Replay[1];
    ObjectStore between =
        watched(
            ObjectStore.class,
            reels.objects,
            (method, arguments) -> {
              if (method.equals("delete") && meanwhile[0] == null) {
                meanwhile[0] = reels.builder.build(wanted);
              }
            });

    int deleted = new PartRemoval(between, reels.records, clock).look();

    // One was marked when the replay was built, which then held the other.
    assertThat(deleted).isEqualTo(1);
    assertThat(meanwhile[0].segments()).isLessThan(2);
    Replay after = reels.built(wanted);
    assertThat(after.complete()).isTrue();
    assertThat(reels.seen(after)).hasSize(75 + 81);
    assertThat(named("other", after.version())).hasSize(2).isNotEqualTo(keys);
  }

  @Test
  void killedBetweenAnyTwoSteps_leavesNothingThatDangles_andIsFinishedWithTheNextLook()
      throws Exception {
    Replay kept = reels.built(as("kept", request(1, FADE)));
    for (int steps = 0; ; steps++) {
      Replay replay = reels.built(request(2 * steps + 1, WITH_OPENER));
      reels.render(replay, SMALL);
      // It is made anew without its opener, which goes then.
      Replay plain = reels.built(request(2 * steps + 2, FADE));
      clock.now = clock.now.plus(LONG);
      reels.files.store();
      int[] left = {steps};

      boolean killed = false;
      try {
        new PartRemoval(
                watched(ObjectStore.class, reels.objects, (name, of) -> step(name, left)),
                watched(RecordStore.class, reels.records, (name, of) -> step(name, left)),
                clock)
            .look();
      } catch (StorageException e) {
        killed = true;
      }

      assertThat(reels.seen(plain)).hasSize(75 + 81);
      removal().look();
      assertThat(reels.keys("inserts/")).as("after %d steps", steps).hasSize(1);
      assertThat(renditions()).allMatch(one -> ReelPart.clip(one.part()) != null);
      assertThat(reels.seen(kept)).isEqualTo(reels.seen(plain));
      if (!killed) {
        assertThat(steps).isGreaterThan(5);
        return;
      }
    }
  }

  private static void step(String method, int[] left) {
    boolean writes = method.startsWith("put") || method.startsWith("delete");
    if (writes && left[0]-- <= 0) {
      throw new StorageException(StorageException.Reason.UNAVAILABLE, "This process was killed");
    }
  }

  /** Is told of each call before it happens. */
  private interface Before {
    void call(String method, Object[] arguments) throws Exception;
  }

  private static <T> T watched(Class<T> type, T real, Before before) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (Object proxy, Method method, Object[] arguments) -> {
              before.call(method.getName(), arguments);
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private PartRemoval removal() {
    return new PartRemoval(reels.objects, reels.records, clock);
  }

  private static ReplayRequest as(String id, ReplayRequest one) {
    return new ReplayRequest(
        id,
        one.kind(),
        one.title(),
        one.selection(),
        false,
        "test",
        1,
        one.revision(),
        null,
        false,
        null,
        one.transitions());
  }

  private void delete(String replay) throws Exception {
    Writer nobody =
        new Writer() {
          @Override
          public Future<Void> write(OutRecord record) {
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
    new ReplayRemoval(reels.objects, reels.records, nobody, Clock.systemUTC())
        .delete(
            new ReplayRequest(
                replay, ReplayRequest.Kind.DELETE, null, null, false, "test", 1, 100));
  }

  private Set<String> named(String replay, int version) throws Exception {
    Set<String> keys = new TreeSet<>();
    for (ReplayItem item :
        await(
            Records.of(reels.records, ReplayItem.class)
                .all(
                    StoreKeys.replayItems(replay),
                    ReplayItem.fromSort(version),
                    ReplayItem.toSort(version)))) {
      if (item.parts() != null) {
        item.parts().keys().forEach(keys::add);
      }
    }
    return keys;
  }

  private List<Rendition> renditions() throws Exception {
    List<Rendition> found = new ArrayList<>(all(Rendition.class, StoreKeys.renditions("lobby")));
    found.addAll(all(Rendition.class, StoreKeys.INSERT_RENDITIONS));
    return found;
  }

  private <T> List<T> all(Class<T> type, String partition) throws Exception {
    return await(Records.of(reels.records, type).all(partition, null, null));
  }

  private static TransitionFiles opener(int pictures) throws Exception {
    return TransitionFiles.read(
        Map.of("opener", TestVideo.plain().size(160, 90).pictures(pictures).file()), Map.of());
  }
}
