package io.sightline.bus;

import static io.sightline.bus.BusFixture.EPOCH;
import static io.sightline.bus.BusFixture.await;
import static io.sightline.bus.BusFixture.item;
import static io.sightline.bus.BusFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoisonTest {

  private final BusFixture bus = new BusFixture();
  private final FailedRecords failed = FailedRecords.of(bus.vertx, bus.config, bus.writer);

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void poison_ofEveryKind_isSetAside_andTakesNothingElseAlong() {
    CountingStage stage =
        new CountingStage(
            record -> {
              String kind = text(record);
              if (kind.equals("throws")) {
                throw new IllegalStateException("cannot be worked on");
              }
              if (kind.equals("fails")) {
                return Future.failedFuture(new IllegalArgumentException("does not fit"));
              }
              if (kind.isEmpty()) {
                record.as(Map.class);
              }
              return Future.succeededFuture();
            });
    StageReader reader = bus.read(quick("poison"), stage);
    bus.writeItems("cam", 0, 10);
    write(Map.of(), "throws".getBytes(StandardCharsets.UTF_8));
    bus.writeItems("cam", 10, 20);
    write(Map.of(), "fails".getBytes(StandardCharsets.UTF_8));
    write(Map.of(), null);
    write(Map.of("sequence", new byte[] {1, 2, 3}), new byte[] {1});
    write(
        Map.of("epoch", new byte[] {'e'}, "sequence", new byte[8], "lane", new byte[] {'?'}),
        new byte[] {1});
    await(bus.writeItems("cam", 20, 50));
    stage.awaitCount("cam", 50);
    await(reader.stop());

    assertThat(stage.wrong).isEmpty();
    assertThat(reader.stats().setAside()).isEqualTo(5);
    assertThat(reader.stats().rewinds()).isZero();
    FailedPage page = await(failed.list(Set.of(), null, 100));
    assertThat(page.next()).isNull();
    assertThat(page.items()).hasSize(5).allMatch(each -> each.stage().equals("poison"));
    assertThat(page.items().get(0).reason())
        .isEqualTo("IllegalStateException: cannot be worked on");
    assertThat(page.items().get(0).attempts()).isEqualTo(1);
    assertThat(page.items())
        .extracting(FailedRecord::reason)
        .anyMatch(reason -> reason.contains("a sequence of eight bytes"));
  }

  @Test
  void list_inPages_givesEachOnce() {
    CountingStage stage =
        new CountingStage(
            record -> Future.failedFuture(new IllegalArgumentException("none of these")));
    StageReader reader = bus.read(quick("pages"), stage);
    await(bus.writeItems("cam", 0, 7));
    stage.awaitUntil(() -> reader.stats().setAside() == 7);
    await(reader.stop());

    FailedPage first = await(failed.list(Set.of(Topic.DETECTIONS), null, 3));
    FailedPage second = await(failed.list(Set.of(Topic.DETECTIONS), first.next(), 3));
    FailedPage third = await(failed.list(Set.of(Topic.DETECTIONS), second.next(), 3));
    assertThat(third.next()).isNull();
    assertThat(List.of(first, second, third))
        .flatExtracting(FailedPage::items)
        .extracting(each -> each.record().offset())
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void retry_passesTheFilter_andTakesTheRecordOffTheList() {
    AtomicBoolean cured = new AtomicBoolean();
    CountingStage stage =
        new CountingStage(
            record ->
                record.item().sequence() == 3 && !cured.get()
                    ? Future.failedFuture(new IllegalArgumentException("ill"))
                    : Future.succeededFuture());
    StageReader reader = bus.read(quick("retry"), stage);
    await(bus.writeItems("cam", 0, 6));
    stage.awaitUntil(() -> stage.delivered.size() == 6 && reader.stats().setAside() == 1);
    String id = "detections." + stage.delivered.get(3).partition() + ".3";
    await(reader.stop());

    assertThat(await(failed.show(id)).orElseThrow().record().item())
        .isEqualTo(item("cam", EPOCH, 3));
    StageReader again = bus.read(quick("retry"), stage);
    await(failed.retry(id));
    stage.awaitUntil(() -> again.stats().setAside() == 1);
    FailedPage page = await(failed.list(Set.of(), null, 10));
    assertThat(page.items()).hasSize(1);
    assertThat(page.items().get(0).attempts()).isEqualTo(2);
    assertThat(page.items().get(0).id()).isNotEqualTo(id);

    cured.set(true);
    await(failed.retry(page.items().get(0).id()));
    stage.awaitUntil(() -> stage.delivered.size() == 8);
    assertThat(stage.delivered.get(7).headers()).containsKey("retried");
    assertThat(stage.delivered.get(7).item().sequence()).isEqualTo(3);
    assertThat(await(failed.list(Set.of(), null, 10)).items()).isEmpty();
    assertThat(await(failed.show(id))).isEmpty();
    assertThatThrownBy(() -> await(failed.retry(id)))
        .hasMessage("There is no failed record '" + id + "'");
  }

  @Test
  void anIdThatNamesNothing_isRefusedWithAnExample() {
    assertThatThrownBy(() -> failed.show("frames.x.3"))
        .hasMessage("'frames.x.3' names no failed record; its id looks like frames.3.1042");
  }

  private void write(Map<String, byte[]> headers, byte[] value) {
    bus.writer.write(new OutRecord(Topic.DETECTIONS, "cam", value, headers));
  }

  private static String text(InRecord record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }
}
