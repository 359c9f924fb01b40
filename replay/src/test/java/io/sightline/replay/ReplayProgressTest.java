package io.sightline.replay;

import static io.sightline.replay.JoinedReels.FADE;
import static io.sightline.replay.JoinedReels.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.media.testing.TestVideo;
import io.sightline.records.MediaProgress;
import io.sightline.records.Replay;
import io.sightline.records.ReplayRequest;
import io.sightline.records.StoreKeys;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far the making of a replay's MP4 is told to have come. */
class ReplayProgressTest {

  @TempDir Path folder;

  /** Each look at it takes a while. */
  private static final class Ticking extends Clock {
    private final Duration each;
    private Instant now = Instant.now();

    Ticking(Duration each) {
      this.each = each;
    }

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
      now = now.plus(each);
      return now;
    }
  }

  @Test
  void mp4ThatTakesLong_tellsHowFarItIs_untilItIsThere() throws Exception {
    List<MediaProgress> told = toldWhileItIsMade(Duration.ofMillis(1_100));

    assertThat(told)
        .isNotEmpty()
        .allMatch(one -> one.id().equals(JoinedReels.ID))
        .allMatch(one -> one.doing().equals("writing the MP4"));
    assertThat(told.get(told.size() - 1).percent()).isGreaterThan(60);
  }

  @Test
  void mp4ThatIsQuick_tellsNothing() throws Exception {
    assertThat(toldWhileItIsMade(Duration.ofNanos(1))).isEmpty();
  }

  private List<MediaProgress> toldWhileItIsMade(Duration each) throws Exception {
    try (JoinedReels reels =
        new JoinedReels(folder, TestVideo.plain().sound().file(), Clock.systemUTC())) {
      reels.clip(10, 85);
      reels.clip(120, 201);
      reels.finish();
      reels.built(JoinedReels.request(1, FADE));
      List<MediaProgress> told = new ArrayList<>();
      ObjectStore watched =
          (ObjectStore)
              Proxy.newProxyInstance(
                  ObjectStore.class.getClassLoader(),
                  new Class<?>[] {ObjectStore.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("get")) {
                      told.addAll(told(reels));
                    }
                    try {
                      return method.invoke(reels.objects, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
      ReplayRequest wanted = JoinedReels.request(2, FADE);
      ReplayBuilder builder =
          reels.builder(
              watched, new HeldParts(reels.records, Clock.systemUTC()), new Ticking(each));

      Replay replay = builder.build(withMp4(wanted));

      assertThat(replay.mp4Key()).isNotNull();
      assertThat(told(reels)).isEmpty();
      return told;
    }
  }

  private static List<MediaProgress> told(JoinedReels reels) throws Exception {
    // What was written before is there when this is.
    await(reels.records.put("barrier", "one", new byte[1], null));
    return await(
        Records.of(reels.records, MediaProgress.class).all(StoreKeys.REPLAY_PROGRESS, null, null));
  }

  private static ReplayRequest withMp4(ReplayRequest one) {
    return new ReplayRequest(
        one.replay(),
        one.kind(),
        one.title(),
        one.selection(),
        true,
        "test",
        1,
        one.revision(),
        null,
        false,
        null,
        one.transitions());
  }
}
