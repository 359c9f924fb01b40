package io.sightline.ingestgateway.medialive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** What one finder does, in numbers. Thread-safe. */
final class FinderMeters {

  private final AtomicInteger found = new AtomicInteger();
  private final Counter looks;
  private final Counter failures;
  private final Counter events;
  private final Counter passedOver;

  FinderMeters(MeterRegistry registry, String finder) {
    Gauge.builder("sightline.medialive.streams", found, AtomicInteger::get)
        .description("Streams of running channels; 0 in gateways that do not look")
        .tag("finder", finder)
        .register(registry);
    looks = counter(registry, finder, "looks", "Looks at all channels");
    failures = counter(registry, finder, "failures", "Looks and events that could not be done");
    events = counter(registry, finder, "events", "State changes that were followed");
    passedOver = counter(registry, finder, "events.other", "Messages about something else");
  }

  private static Counter counter(
      MeterRegistry registry, String finder, String name, String description) {
    return Counter.builder("sightline.medialive." + name)
        .description(description)
        .tag("finder", finder)
        .register(registry);
  }

  void found(int streams) {
    found.set(streams);
  }

  void looked() {
    looks.increment();
  }

  void failed() {
    failures.increment();
  }

  void events(StateChanges.Batch batch) {
    events.increment(batch.messages().size() - batch.passedOver());
    passedOver.increment(batch.passedOver());
  }
}
