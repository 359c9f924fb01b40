package io.sightline.edgecapture;

import io.sightline.media.source.Packet;
import io.sightline.records.Positions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Measures what it costs to encode a source for recording, over its first ten seconds, and says so
 * once. Encoders work on the thread that feeds them.
 */
final class EncodingCost {

  private static final long MEASURED_MICROS = 10 * Positions.MICROS_PER_SECOND;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final TrackChoice choice;
  private final TrackTimes times;
  private final EpochLine line;
  private boolean started;
  private boolean done;
  private long firstMicros;
  private long nanos;

  EncodingCost(TrackChoice choice, EpochLine line) {
    this.choice = choice;
    this.times = new TrackTimes(choice.leading());
    this.line = line;
    this.done = !threads.isCurrentThreadCpuTimeSupported();
  }

  long begin() {
    return done ? 0 : threads.getCurrentThreadCpuTime();
  }

  void end(long begun, Packet packet) {
    if (done) {
      return;
    }
    nanos += threads.getCurrentThreadCpuTime() - begun;
    if (packet.track() != choice.leading().index()) {
      return;
    }
    long micros = times.micros(TrackTimes.decodeTime(packet));
    firstMicros = started ? firstMicros : micros;
    started = true;
    if (micros - firstMicros >= MEASURED_MICROS) {
      done = true;
      long percent = Math.max(1, Math.round(nanos / 10.0 / (micros - firstMicros)));
      line.note(choice.note(), "this costs about " + percent + "% of a processor");
    }
  }
}
