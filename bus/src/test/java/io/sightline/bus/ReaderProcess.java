package io.sightline.bus;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A reader in a process of its own, to be killed. Counts, and writes one segment per item. Says
 * {@code items N} on standard output as it goes. Arguments: bootstrap, topic prefix, partitions,
 * folder of the checkpoints.
 */
final class ReaderProcess {

  static final String GROUP = "killed";

  private ReaderProcess() {}

  /** Reads until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    BusConfig config =
        new BusConfig(
            arguments[0],
            arguments[1],
            Integer.parseInt(arguments[2]),
            BusConfig.DEFAULT_MAX_WRITE_BYTES);
    BusWriter writer = BusWriter.open(vertx, config).await(60, TimeUnit.SECONDS);
    CountingStage stage =
        new CountingStage(
            record -> {
              System.out.println("item");
              return writer.write(
                  new OutRecord(Topic.SEGMENTS, record.key(), record.value(), java.util.Map.of()));
            });
    StageReader reader =
        StageReader.start(
            vertx,
            config,
            BusFixture.quick(GROUP).withInFlight(8, 1_000_000),
            stage,
            new FileCheckpoints(Path.of(arguments[3])),
            writer);
    System.in.transferTo(java.io.OutputStream.nullOutputStream());
    reader.stop().await(60, TimeUnit.SECONDS);
    if (!stage.wrong.isEmpty()) {
      System.err.println(stage.wrong);
      System.exit(1);
    }
    System.exit(0);
  }
}
