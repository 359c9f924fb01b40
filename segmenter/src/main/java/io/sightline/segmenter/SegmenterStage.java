package io.sightline.segmenter;

import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Writer;
import io.sightline.storage.RecordStore;
import java.time.Clock;

/** The segmenter as the stage reader drives it. */
final class SegmenterStage implements Stage {

  private final SegmenterConfig config;
  private final SegmenterPlugins plugins;
  private final RecordStore store;
  private final Writer writer;
  private final Clock clock;

  SegmenterStage(
      SegmenterConfig config,
      SegmenterPlugins plugins,
      RecordStore store,
      Writer writer,
      Clock clock) {
    this.config = config;
    this.plugins = plugins;
    this.store = store;
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new SegmenterPartition(
        config,
        plugins,
        new SegmentLedger(store, writer, clock),
        new MarkSources(store),
        new ProgressReport(store, clock, config.progressEvery()),
        state);
  }
}
