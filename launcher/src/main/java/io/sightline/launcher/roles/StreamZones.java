package io.sightline.launcher.roles;

import io.sightline.analyzer.Zones;
import io.sightline.records.StoreKeys;
import io.sightline.records.StreamSpec;
import io.sightline.records.Zone;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The zones of all streams: of those declared in the file as they stand there, of those made over
 * the API as they were a few seconds ago. Safe for use by any thread.
 */
final class StreamZones implements Zones {

  private static final Logger LOG = LoggerFactory.getLogger(StreamZones.class);
  private static final long REFRESH_MILLIS = 3_000;

  private final Map<String, List<Zone>> declared;
  private final Records<StoredSpec> stored;
  private volatile Map<String, List<Zone>> current;

  /** As much of a stored stream as is needed here. */
  private record StoredSpec(StreamSpec stream) {}

  StreamZones(Vertx vertx, RecordStore store, List<StreamSpec> streams) {
    Map<String, List<Zone>> zones = new HashMap<>();
    streams.forEach(stream -> zones.put(stream.name(), stream.zones()));
    this.declared = Map.copyOf(zones);
    this.current = declared;
    this.stored = Records.of(store, StoredSpec.class);
    refresh();
    vertx.setPeriodic(REFRESH_MILLIS, tick -> refresh());
  }

  @Override
  public List<Zone> of(String stream) {
    return current.getOrDefault(stream, List.of());
  }

  private void refresh() {
    stored
        .all(StoreKeys.STREAMS, null, null)
        .onSuccess(
            made -> {
              Map<String, List<Zone>> zones = new HashMap<>();
              made.stream()
                  .filter(one -> one.stream() != null)
                  .forEach(one -> zones.put(one.stream().name(), one.stream().zones()));
              zones.putAll(declared);
              current = Map.copyOf(zones);
            })
        .onFailure(e -> LOG.debug("The zones are those of a moment ago: {}", e.getMessage()));
  }
}
