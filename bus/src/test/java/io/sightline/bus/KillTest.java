package io.sightline.bus;

import static io.sightline.bus.BusFixture.await;
import static io.sightline.bus.BusFixture.quick;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.bus.testing.TestBroker;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

  private static final int PARTITIONS = 4;

  /** {@code -Dsightline.kills=20} for a long run. */
  private static final int ROUNDS = Integer.getInteger("sightline.kills", 3);

  @Test
  void aReaderProcess_killedAtRandomMoments_losesAndRepeatsNothing(@TempDir Path folder)
      throws Exception {
    try (BusFixture bus = new BusFixture(TestBroker.shared(), PARTITIONS)) {
      CountingStage survivor = new CountingStage();
      Random random = new Random(7);
      long written = 0;
      for (int round = 0; round < ROUNDS; round++) {
        writeAll(bus, written, written + 300);
        written += 300;
        Process victim = start(bus.config, folder);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
        int items = 50 + random.nextInt(700);
        for (int i = 0; i < items && lines.readLine() != null; i++) {
          // Each line is an item in work.
        }
        victim.destroyForcibly().waitFor();
      }
      long all = written;
      Checkpoints files = new FileCheckpoints(folder);
      Set<String> outputs = ConcurrentHashMap.newKeySet();
      bus.read(
          StageReaderConfig.of("outputs", Topic.SEGMENTS),
          new CountingStage(
              record -> {
                outputs.add(record.key() + "/" + record.item().sequence());
                return Future.succeededFuture();
              }));
      StageReader last =
          bus.read(quick(ReaderProcess.GROUP), new Republishing(bus, survivor), files);
      Map<String, Long> expected =
          Map.of("cam-0", all, "cam-1", all, "cam-2", all, "cam-3", all, "cam-4", all);
      survivor.awaitUntil(() -> outputs.size() == 5 * all && survivor.counts.equals(expected));
      await(last.stop());
      assertThat(survivor.wrong).isEmpty();
      assertThat(CountingStage.stored(files, ReaderProcess.GROUP, PARTITIONS)).isEqualTo(expected);
    }
  }

  @Test
  void aBroker_killedInTheMiddleOfWritingAndReading_losesAndRepeatsNothing() {
    try (TestBroker broker = TestBroker.open();
        BusFixture bus = new BusFixture(broker, PARTITIONS)) {
      CountingStage stage = new CountingStage();
      StageReader reader = bus.read(quick("broken").withInFlight(8, 1_000_000), stage);
      List<Future<Void>> writes = new ArrayList<>(writeAll(bus, 0, 300));
      stage.awaitCount("cam-0", 20);
      broker.kill();
      writes.addAll(writeAll(bus, 300, 600));
      broker.start();
      await(Future.all(writes));
      for (int i = 0; i < 5; i++) {
        stage.awaitCount("cam-" + i, 600);
      }
      await(reader.stop());
      assertThat(stage.wrong).isEmpty();
      assertThat(reader.stats().setAside()).isZero();
      assertThat(CountingStage.stored(bus.checkpoints, "broken", PARTITIONS))
          .isEqualTo(
              Map.of("cam-0", 600L, "cam-1", 600L, "cam-2", 600L, "cam-3", 600L, "cam-4", 600L));
    }
  }

  private static List<Future<Void>> writeAll(BusFixture bus, long from, long to) {
    List<Future<Void>> writes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      writes.add(bus.writeItems("cam-" + i, from, to));
    }
    return writes;
  }

  private static Process start(BusConfig config, Path folder) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ReaderProcess.class.getName(),
                config.bootstrap(),
                config.topicPrefix(),
                Integer.toString(PARTITIONS),
                folder.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Does what the killed process did: counts, and writes a segment per item. */
  private record Republishing(BusFixture bus, CountingStage counting) implements Stage {

    @Override
    public StagePartition open(int partition, byte[] state) {
      StagePartition counted = counting.open(partition, state);
      return new StagePartition() {
        @Override
        public Future<Void> process(InRecord record) {
          return counted
              .process(record)
              .compose(
                  done ->
                      bus.writer.write(
                          new OutRecord(Topic.SEGMENTS, record.key(), record.value(), Map.of())));
        }

        @Override
        public byte[] state() {
          return counted.state();
        }

        @Override
        public void close() {
          counted.close();
        }
      };
    }
  }
}
