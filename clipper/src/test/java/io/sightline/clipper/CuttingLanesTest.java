package io.sightline.clipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.bus.TransientException;
import io.sightline.clipper.CuttingLanes.Lane;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has work done when. */
class CuttingLanesTest {

  private static final int PATIENCE_SECONDS = 30;

  /** Work that has its place until the test ends it. */
  private record Begun(String name, Promise<Void> work) {}

  private final CuttingLanes lanes = new CuttingLanes(3);
  private final BlockingQueue<Begun> begun = new LinkedBlockingQueue<>();
  private final List<Begun> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    lanes.close();
    open.forEach(one -> one.work().tryComplete());
    assertThat(lanes.awaitEnd(PATIENCE_SECONDS)).isTrue();
  }

  @Test
  void run_ofWhatTakesLong_leavesAPlaceForWhatIsWaitedFor() throws Exception {
    for (int one = 1; one <= 50; one++) {
      run(Lane.ASIDE, "lobby", "long-" + one);
    }
    assertThat(next().name()).isEqualTo("long-1");
    assertThat(next().name()).isEqualTo("long-2");
    assertThat(begun).isEmpty();

    run(Lane.FIRST, "lobby", "live");

    assertThat(next().name()).isEqualTo("live");
    assertThat(begun).isEmpty();
  }

  @Test
  void run_withBothLanesFull_givesFreePlacesToTheFirst_butOneToTheOther() throws Exception {
    for (int one = 1; one <= 3; one++) {
      run(Lane.ASIDE, "gate", "long-" + one);
    }
    Begun first = next();
    Begun second = next();
    for (int one = 1; one <= 5; one++) {
      run(Lane.FIRST, "lobby", "live-" + one);
    }
    Begun live = next();
    assertThat(live.name()).isEqualTo("live-1");

    first.work().complete();
    assertThat(next().name()).isEqualTo("live-2");
    second.work().complete();
    assertThat(next().name()).isEqualTo("long-3");
    live.work().complete();
    assertThat(next().name()).isEqualTo("live-3");
    assertThat(begun).isEmpty();
  }

  @Test
  void run_ofTwoWithABacklog_takesTurns_eachInItsOrder() throws Exception {
    for (Lane lane : Lane.values()) {
      run(lane, "busy", lane + "-holds");
      run(lane, "busy", lane + "-holds");
    }
    List<Begun> holding = List.of(next(), next(), next());
    for (Lane lane : Lane.values()) {
      for (int one = 1; one <= 10; one++) {
        run(lane, "lobby", lane + "-lobby-" + one);
      }
      for (int one = 1; one <= 3; one++) {
        run(lane, "gate", lane + "-gate-" + one);
      }
    }
    holding.forEach(one -> one.work().complete());

    List<String> order = new ArrayList<>();
    while (order.size() < 27) {
      Begun one = next();
      order.add(one.name());
      one.work().complete();
    }

    for (Lane lane : Lane.values()) {
      assertThat(order.stream().filter(name -> name.matches(lane + "-(lobby|gate).*")).limit(8))
          .containsSubsequence(lane + "-lobby-1", lane + "-lobby-2", lane + "-lobby-3")
          .containsSubsequence(lane + "-gate-1", lane + "-gate-2", lane + "-gate-3")
          .contains(lane + "-gate-3");
    }
  }

  @Test
  void run_ofWorkThatThrows_failsAndFreesItsPlace() throws Exception {
    for (int one = 0; one < 5; one++) {
      Future<Void> failed =
          lanes.run(
              Lane.FIRST,
              "lobby",
              () -> {
                throw new IllegalStateException("broken");
              });
      assertThatThrownBy(() -> failed.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .hasMessage("broken");
    }
    run(Lane.FIRST, "lobby", "next");

    assertThat(next().name()).isEqualTo("next");
  }

  @Test
  void close_leavesWhatWaitsToWhoeverGoesOn() throws Exception {
    Future<Void> first = run(Lane.ASIDE, "lobby", "first");
    run(Lane.ASIDE, "lobby", "second");
    Future<Void> third = run(Lane.ASIDE, "lobby", "third");
    Begun one = next();
    next();

    lanes.close();
    Future<Void> late = run(Lane.FIRST, "lobby", "late");

    assertThat(third.cause()).isInstanceOf(TransientException.class);
    assertThat(late.cause()).isInstanceOf(TransientException.class);
    one.work().complete();
    assertThat(first.succeeded()).isTrue();
    assertThat(begun).isEmpty();
  }

  private Future<Void> run(Lane lane, String of, String name) {
    return lanes.run(
        lane,
        of,
        () -> {
          Promise<Void> work = Promise.promise();
          begun.add(new Begun(name, work));
          return work.future();
        });
  }

  private Begun next() throws InterruptedException {
    Begun one = begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(one).as("the next begins").isNotNull();
    open.add(one);
    return one;
  }
}
