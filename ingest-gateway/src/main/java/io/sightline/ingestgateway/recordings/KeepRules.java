package io.sightline.ingestgateway.recordings;

import io.sightline.ingestgateway.streams.StreamCatalog;
import io.sightline.ingestgateway.streams.StreamEntry;
import io.sightline.records.Keep;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rules that the catalog's streams declare. */
public final class KeepRules implements KeepRule {

  private final Keep otherwise;
  private volatile Map<String, Keep> rules = Map.of();

  /**
   * @param otherwise what holds where a stream says nothing
   */
  public KeepRules(Keep otherwise) {
    this.otherwise = otherwise.over(Keep.DEFAULT);
  }

  /** Follows what is declared; on the catalog's event loop. */
  public void follow(StreamCatalog catalog) {
    read(catalog);
    catalog.watch(() -> read(catalog));
  }

  private void read(StreamCatalog catalog) {
    Map<String, Keep> next = new HashMap<>();
    for (StreamEntry entry : catalog.all()) {
      Keep own = entry.spec().keep();
      next.put(entry.spec().name(), own == null ? otherwise : own.over(otherwise));
    }
    rules = Map.copyOf(next);
  }

  @Override
  public Optional<Keep> of(String stream) {
    return Optional.ofNullable(rules.get(stream));
  }

  @Override
  public Keep otherwise() {
    return otherwise;
  }
}
