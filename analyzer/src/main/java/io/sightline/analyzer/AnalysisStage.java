package io.sightline.analyzer;

import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Writer;
import io.sightline.storage.ObjectStore;
import io.sightline.storage.RecordStore;
import java.time.Clock;

/**
 * Runs each stream's profile over its frames and chunks. Its threads and decoders are shared by all
 * partitions.
 */
final class AnalysisStage implements Stage, AutoCloseable {

  private final Workplace place;

  AnalysisStage(
      AnalyzerConfig config,
      AnalyzerPlugins plugins,
      ObjectStore objects,
      RecordStore records,
      Writer writer,
      Zones zones,
      Clock clock) {
    Workers workers = new Workers(config.threads());
    place =
        new Workplace(
            config,
            plugins,
            workers,
            new PictureDecoders(),
            new ChunkSounds(objects, workers),
            new Results(objects, records, writer),
            zones,
            clock);
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new AnalysisPartition(place, partition, state);
  }

  /** Once no partition is open. Blocking. */
  @Override
  public void close() {
    place.workers().close();
    place.decoders().close();
  }
}
