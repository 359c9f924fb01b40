package io.sightline.ingestgateway.ingest;

import io.sightline.records.EpochInfo;
import io.sightline.records.Marker;
import io.sightline.records.Profile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.function.Supplier;

/** The epoch of one simple client, for which the gateway plays the agent. On one event loop. */
final class SimpleEpoch implements EpochIntake.Source {

  private final EpochIntake intake;
  private final Supplier<Profile> profile;
  private final Clock clock;

  private long lastMicros = -1;
  private long endMicros;
  private long usedMillis;
  private boolean over;

  SimpleEpoch(
      EpochIntake.Parts parts, EpochLedger.Held held, Supplier<Profile> profile, Clock clock) {
    this.profile = profile;
    this.clock = clock;
    this.endMicros = held.info().startMicros();
    this.usedMillis = clock.millis();
    this.intake = new EpochIntake(parts, held, profile, this, clock);
  }

  EpochIntake intake() {
    return intake;
  }

  EpochInfo info() {
    return intake.info();
  }

  Future<Void> begin() {
    EpochInfo info = info();
    return offer(
        new IngestItem(
            Marker.begin(
                info.stream(), info.epoch(), info.run(), 0, info.startMicros(), profile.get()),
            Buffer.buffer()));
  }

  /** Nothing more comes. */
  Future<Void> end(String reason) {
    over = true;
    EpochInfo info = info();
    return offer(
        new IngestItem(
            Marker.end(
                info.stream(), info.epoch(), info.run(), intake.expected(), endMicros, reason, 0),
            Buffer.buffer()));
  }

  Future<Void> offer(IngestItem item) {
    usedMillis = clock.millis();
    return intake.offer(item);
  }

  /** Notes how far it has come, by what was just offered. */
  void reached(long positionMicros, long end) {
    lastMicros = Math.max(lastMicros, positionMicros);
    endMicros = Math.max(endMicros, end);
  }

  long next() {
    return intake.expected();
  }

  /** Position of its last picture; -1 before the first. */
  long lastMicros() {
    return lastMicros;
  }

  /** Position after its last item. */
  long endMicros() {
    return endMicros;
  }

  boolean over() {
    return over;
  }

  boolean idleFor(long millis) {
    return clock.millis() - usedMillis > millis;
  }

  @Override
  public void acknowledged(long sequence) {}

  @Override
  public void refused(Refusal why) {
    over = true;
  }
}
