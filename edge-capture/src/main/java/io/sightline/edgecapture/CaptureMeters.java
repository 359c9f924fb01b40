package io.sightline.edgecapture;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sightline.records.CaptureState;
import io.sightline.records.InputInUse;
import io.sightline.records.InputUse;
import io.sightline.records.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is counted of the capture of one stream, for as long as it is captured here. */
final class CaptureMeters implements AutoCloseable {

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();

  CaptureMeters(MeterRegistry registry, String stream, StreamMeter of) {
    this.registry = registry;
    for (CaptureState state : CaptureState.values()) {
      meters.add(
          Gauge.builder("sightline.capture.state", of, m -> m.state() == state ? 1 : 0)
              .description("1 for what the source does now")
              .tag("stream", stream)
              .tag("state", state.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    gauge(
        stream,
        of,
        "sightline.capture.gateway.reached",
        null,
        "1 when items flow to the gateway, or could",
        status -> status.gatewayReached() ? 1 : 0);
    gauge(
        stream,
        of,
        "sightline.capture.unacknowledged",
        "seconds",
        "Media that was read and that the gateway does not have yet",
        CaptureMeters::unacknowledgedSeconds);
    count(stream, of, "items", "frame", "Sampled or recorded", CaptureStatus::frames);
    count(stream, of, "items", "chunk", "Sampled or recorded", CaptureStatus::chunks);
    count(stream, of, "dropped", "frame", "Given up unsent", CaptureStatus::droppedFrames);
    count(stream, of, "dropped", "chunk", "Given up unsent", CaptureStatus::droppedChunks);
    count(stream, of, "unread", "picture", "Came damaged", CaptureStatus::damagedPictures);
    count(stream, of, "unread", "file", "No video, or not whole", CaptureStatus::skippedFiles);
    meters.add(
        FunctionCounter.builder("sightline.capture.bytes", of, m -> m.snapshot().bytes())
            .baseUnit("bytes")
            .description("Of frames and chunks")
            .tag("stream", stream)
            .register(registry));
    for (InputUse use : InputUse.values()) {
      meters.add(
          Gauge.builder("sightline.capture.input", of, m -> index(m, use))
              .description("0 while it is the main input, else which backup stands in for it")
              .tag("stream", stream)
              .tag("use", use.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    meters.add(
        Gauge.builder("sightline.capture.offset", of, CaptureMeters::offsetSeconds)
            .baseUnit("seconds")
            .description("How much later than it arrives what is analyzed is laid on the axis")
            .tag("stream", stream)
            .register(registry));
    meters.add(
        FunctionCounter.builder("sightline.capture.switches", of, m -> m.inputs().switches())
            .description("From an input to its backup, and back")
            .tag("stream", stream)
            .register(registry));
    meters.add(
        FunctionCounter.builder("sightline.capture.epochs", of, m -> m.snapshot().epochs())
            .description("Begun: one more than reconnects")
            .tag("stream", stream)
            .register(registry));
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
    meters.clear();
  }

  private static double offsetSeconds(StreamMeter of) {
    return of.inputs().list().stream()
        .filter(input -> input.offsetMicros() != null)
        .mapToDouble(input -> input.offsetMicros() / (double) Positions.MICROS_PER_SECOND)
        .findFirst()
        .orElse(0);
  }

  private static int index(StreamMeter of, InputUse use) {
    return of.inputs().list().stream()
        .filter(input -> input.use().contains(use))
        .mapToInt(InputInUse::index)
        .findFirst()
        .orElse(0);
  }

  private static double unacknowledgedSeconds(CaptureStatus status) {
    long from = Math.max(status.acknowledgedMicros(), status.startMicros());
    return Math.max(0, status.positionMicros() - from) / (double) Positions.MICROS_PER_SECOND;
  }

  private void gauge(
      String stream,
      StreamMeter of,
      String name,
      String unit,
      String description,
      ToDoubleFunction<CaptureStatus> value) {
    meters.add(
        Gauge.builder(name, of, m -> value.applyAsDouble(m.snapshot()))
            .baseUnit(unit)
            .description(description)
            .tag("stream", stream)
            .register(registry));
  }

  private void count(
      String stream,
      StreamMeter of,
      String what,
      String type,
      String description,
      ToDoubleFunction<CaptureStatus> value) {
    meters.add(
        FunctionCounter.builder(
                "sightline.capture." + what, of, m -> value.applyAsDouble(m.snapshot()))
            .description(description)
            .tag("stream", stream)
            .tag("type", type)
            .register(registry));
  }
}
