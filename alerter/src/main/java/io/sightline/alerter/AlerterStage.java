package io.sightline.alerter;

import io.sightline.alerter.delivery.Delivery;
import io.sightline.bus.Stage;
import io.sightline.bus.StagePartition;
import io.sightline.bus.Writer;
import io.sightline.storage.RecordStore;
import java.time.Clock;

/** The alerter as the stage reader drives it. */
final class AlerterStage implements Stage {

  private final AlerterConfig config;
  private final RecordStore store;
  private final Writer writer;
  private final Delivery delivery;
  private final AlertCounts counts;
  private final Clock clock;

  AlerterStage(
      AlerterConfig config,
      RecordStore store,
      Writer writer,
      Delivery delivery,
      AlertCounts counts,
      Clock clock) {
    this.config = config;
    this.store = store;
    this.writer = writer;
    this.delivery = delivery;
    this.counts = counts;
    this.clock = clock;
  }

  @Override
  public StagePartition open(int partition, byte[] state) {
    return new AlerterPartition(
        config.rules(),
        new AlertLedger(store, writer, clock),
        delivery,
        delivery.open(partition),
        new ProgressReport(store, clock, config.progressEvery()),
        counts,
        state);
  }
}
