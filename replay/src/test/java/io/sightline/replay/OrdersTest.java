package io.sightline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.OutRecord;
import io.sightline.bus.Writer;
import io.sightline.records.Json;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OrdersTest {

  private final List<Segment> asked = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Writer writer =
      new Writer() {
        @Override
        public Future<Void> write(OutRecord record) {
          asked.add(Json.decode(record.value(), Segment.class));
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
  private final Orders orders = new Orders(writer, nanos::get);
  private final Segment early = cut(1);
  private final Segment late = cut(5);

  @Test
  void order_ofWhatIsMissing_asksOnceAndAgainLater() throws Exception {
    orders.order("a", List.of(early));
    orders.order("a", List.of(early, late));
    assertThat(asked).containsExactly(early, late);

    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    orders.order("a", List.of(late));

    assertThat(asked).containsExactly(early, late, late);
  }

  @Test
  void order_ofMany_asksForThoseThatEndFirst_andForMoreAsTheyAreCut() throws Exception {
    List<Segment> missing = new ArrayList<>();
    for (int second = 500; second > 0; second--) {
      missing.add(cut(second));
    }

    orders.order("a", missing);
    orders.order("a", missing);
    assertThat(asked).hasSize(32).startsWith(cut(1), cut(2)).endsWith(cut(32));

    missing.remove(cut(3));
    orders.order("a", missing);
    assertThat(asked).hasSize(33).endsWith(cut(33));
  }

  @Test
  void order_ofManyStreams_asksForSomeOfEach() throws Exception {
    List<Segment> missing = new ArrayList<>();
    for (int second = 1; second <= 40; second++) {
      missing.add(cut("court", second));
      missing.add(cut("hall", second + 1_000));
    }

    orders.order("a", missing);

    assertThat(asked).filteredOn(cut -> cut.stream().equals("court")).hasSize(32);
    assertThat(asked).filteredOn(cut -> cut.stream().equals("hall")).hasSize(32);
  }

  @Test
  void order_afterAnotherOwnerHadIt_asksAgain() throws Exception {
    orders.order("a", List.of(early));
    orders.forget("a");
    orders.order("a", List.of(early));

    assertThat(asked).containsExactly(early, early);
  }

  private static Segment cut(int second) {
    return cut("court", second);
  }

  private static Segment cut(String stream, int second) {
    long start = Scene.START + second * 1_000_000L;
    return Cuts.of(new ReplayRules.Stretch(stream, start, start + 1_000_000), "live");
  }
}
