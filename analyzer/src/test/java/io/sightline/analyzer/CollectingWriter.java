package io.sightline.analyzer;

import io.sightline.bus.InRecord;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Writer;
import io.sightline.records.StreamItem;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is written, in order. */
final class CollectingWriter implements Writer {

  final List<OutRecord> written = new CopyOnWriteArrayList<>();

  @Override
  public Future<Void> write(OutRecord record) {
    written.add(record);
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

  /** What was written, as readers get it. */
  List<StreamItem> items() {
    return written.stream().map(CollectingWriter::item).toList();
  }

  private static StreamItem item(OutRecord out) {
    return new InRecord(out.topic(), 0, 0, out.key(), out.value(), out.headers(), 0).item();
  }
}
