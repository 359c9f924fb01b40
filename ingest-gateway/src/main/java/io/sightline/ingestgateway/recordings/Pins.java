package io.sightline.ingestgateway.recordings;

import io.sightline.records.Clip;
import io.sightline.records.Pin;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds what clips hold beyond retention. */
final class Pins {

  /** No cut takes as long: a pin whose clip is still not there belongs to one that never came. */
  private static final Duration MAKING = Duration.ofDays(1);

  private final Records<Pin> pins;
  private final Records<Clip> clips;
  private final Clock clock;

  Pins(RecordStore store, Clock clock) {
    this.pins = Records.of(store, Pin.class);
    this.clips = Records.of(store, Clip.class);
    this.clock = clock;
  }

  /** The pins that may hold chunks between two positions, both inclusive. */
  Future<List<Pin>> between(String stream, long fromMicros, long toMicros) {
    return pins.all(StoreKeys.pins(stream), Pin.fromSort(fromMicros), Pin.toSort(toMicros))
        .compose(found -> good(stream, found));
  }

  private Future<List<Pin>> good(String stream, List<Pin> found) {
    Map<String, Pin> byClip = new LinkedHashMap<>();
    found.forEach(pin -> byClip.put(pin.clip(), pin));
    Collection<Pin> all = byClip.values();
    long makingSince = Positions.of(clock.instant()) - Positions.micros(MAKING);
    List<Pin> good = new ArrayList<>();
    Future<Void> checked = Future.succeededFuture();
    for (Pin pin : all) {
      if (pin.atMicros() > makingSince) {
        good.add(pin);
        continue;
      }
      checked =
          checked
              .compose(v -> clips.find(StoreKeys.clips(stream), StoreKeys.sortOf(pin.clip())))
              .map(
                  clip -> {
                    // Neither one that failed nor one whose media is deleted refers to anything.
                    if (clip.isPresent() && clip.get().indexKey() != null) {
                      good.add(pin);
                    }
                    return null;
                  });
    }
    return checked.map(good);
  }
}
