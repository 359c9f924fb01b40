package io.sightline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private RecordStore store;

  @BeforeEach
  void open() throws Exception {
    store = await(SqliteRecordStore.open(vertx, folder.resolve("records.db")));
  }

  @AfterEach
  void close() throws Exception {
    await(store.close());
    await(vertx.close());
  }

  @Test
  void claim_nobodyHasIt_isHeldAndKept_withOneFence() throws Exception {
    Lease mine = lease("a");

    assertThat(await(mine.claim())).hasValue(1);
    advance(PATIENCE.multipliedBy(10));
    assertThat(await(mine.claim())).hasValue(1);
  }

  @Test
  void claim_holderGoesOn_othersNeverGetIt() throws Exception {
    Lease mine = lease("a");
    Lease other = lease("b");
    assertThat(await(mine.claim())).hasValue(1);
    for (int i = 0; i < 20; i++) {
      assertThat(await(other.claim())).isEmpty();
      advance(PATIENCE.dividedBy(2));
      assertThat(await(mine.claim())).hasValue(1);
    }
  }

  @Test
  void claim_holderIsSilentForTooLong_isTakenOver_withAHigherFence() throws Exception {
    Lease mine = lease("a");
    Lease other = lease("b");
    assertThat(await(mine.claim())).hasValue(1);
    assertThat(await(other.claim())).isEmpty();
    advance(PATIENCE.minusNanos(1));
    assertThat(await(other.claim())).isEmpty();
    advance(Duration.ofNanos(1));

    assertThat(await(other.claim())).hasValue(2);

    assertThat(await(mine.claim())).isEmpty();
    assertThat(await(other.claim())).hasValue(2);
  }

  @Test
  void claim_whoHasNotWatched_waitsHoweverOldItIs() throws Exception {
    assertThat(await(lease("a").claim())).hasValue(1);
    advance(Duration.ofDays(1));

    assertThat(await(lease("b").claim())).isEmpty();
  }

  @Test
  void claim_byManyAtOnce_isOnesAlone() throws Exception {
    List<Lease> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(lease("p" + i));
    }
    for (int fence = 1; fence <= 3; fence++) {
      List<Future<OptionalLong>> claims = all.stream().map(Lease::claim).toList();
      await(Future.all(claims));
      long held = claims.stream().filter(claim -> claim.result().isPresent()).count();
      assertThat(held).isEqualTo(fence == 2 ? 0 : 1);
      if (fence == 1) {
        // The holder is not heard of any more.
        all.removeIf(lease -> claims.get(all.indexOf(lease)).result().isPresent());
      } else {
        advance(PATIENCE);
      }
    }
  }

  @Test
  void release_another_getsItAtOnce_withAHigherFence() throws Exception {
    Lease mine = lease("a");
    assertThat(await(mine.claim())).hasValue(1);

    await(mine.release());

    assertThat(await(lease("b").claim())).hasValue(2);
    await(mine.release());
    assertThat(await(mine.claim())).isEmpty();
  }

  @Test
  void release_afterItWasTakenOver_leavesItToTheOther() throws Exception {
    Lease mine = lease("a");
    Lease other = lease("b");
    await(mine.claim());
    await(other.claim());
    advance(PATIENCE);
    assertThat(await(other.claim())).hasValue(2);

    await(mine.release());

    assertThat(await(other.claim())).hasValue(2);
  }

  private void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  private Lease lease(String holder) {
    return new Lease(store, "job", holder, PATIENCE, nanos::get);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, TimeUnit.SECONDS);
  }
}
