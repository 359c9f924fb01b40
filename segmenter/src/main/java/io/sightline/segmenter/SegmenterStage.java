package io.sightline.segmenter;

import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Writer;
import io.sightline.storage.RecordStore;
import java.time.Clock;

/** The segmenter as the stage reader drives it. */
final class SegmenterStage implements Stage {

  private final SegmenterConfig config;
  private final Classifiers classifiers;
  private final RecordStore store;
  private final Writer writer;
  private final Clock clock;

  SegmenterStage(
      SegmenterConfig config,
      Classifiers classifiers,
      RecordStore store,
      Writer writer,
      Clock clock) {
    this.config = config;
    this.classifiers = classifiers;
    this.store = store;
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new SegmenterPartition(
        config,
        classifiers,
        new SegmentLedger(store, writer, clock),
        new ProgressReport(store, clock, config.progressEvery()),
        state);
  }
}
