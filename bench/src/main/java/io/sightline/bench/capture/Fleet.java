package io.sightline.bench.capture;

import io.sightline.bench.Claim;
import io.sightline.bench.Cores;
import io.sightline.bench.Figure;
import io.sightline.bench.Processor;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.edgecapture.CaptureStatus;
import io.sightline.records.InputSpec;
import io.sightline.records.StreamAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many cameras one agent carries: 1080p in real time over HTTP, each recorded and sampled at
 * keyframes. The agent has half of this machine's processors for itself; cameras and gateway have
 * the others, so that they neither help nor hinder. The count is divided by the agent's processors;
 * the second figure divides it by the processor time that the agent took.
 */
final class Fleet {

  private static final String NAME = "capture-fleet";
  private static final Target PER_CORE = Target.atLeast(25);

  /** Few, so that what is new is compiled before it counts. */
  private static final int FIRST_PER_CORE = 8;

  /** Beyond, one machine's loopback and the cameras' own event loop are what is measured. */
  private static final int MOST = 400;

  private static final long SETTLING_MILLIS = 6_000;
  private static final long WINDOW_MILLIS = 20_000;

  private final Workbench bench;
  private final FieldProcess field;
  private final Agent agent;
  private double perProcessorSecond;

  private Fleet(Workbench bench, FieldProcess field, Agent agent) {
    this.bench = bench;
    this.field = field;
    this.agent = agent;
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "1080p cameras in real time that one core records and samples at keyframes, nothing late"
            + " or lost",
        "none, it is a count",
        PER_CORE,
        Fleet::measure);
  }

  private static List<Figure> measure(Workbench bench) throws Exception {
    try (FieldProcess field = new FieldProcess(bench.footage().transportStream());
        Agent agent = new Agent(bench, field.uri(), 0);
        Cores cores = field.part()) {
      if (!cores.alone()) {
        bench.progress().say("Cameras and gateway share the agent's processors");
      }
      Fleet fleet = new Fleet(bench, field, agent);
      int held = HighestCount.find(FIRST_PER_CORE * cores.ours(), MOST, fleet::holds);
      return List.of(
          Figure.plain(NAME, PER_CORE, (double) held / cores.ours(), "streams per core"),
          Figure.plain(
              NAME + ".cpu", PER_CORE, fleet.perProcessorSecond, "streams per CPU s each second"));
    }
  }

  private boolean holds(int count) throws Exception {
    List<StreamAssignment> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "camera-" + i;
      streams.add(Agent.assignment(name, InputSpec.of(field.camera(name, (double) i / count))));
    }
    field.assign(streams);
    if (!agent.reaches(all -> all.size() == count && all.stream().allMatch(Fleet::delivers))) {
      bench.progress().say(count + " cameras: not all of them could be opened");
      agent.awaitNone(field);
      return false;
    }
    // What came while they were looked at is worked off.
    Thread.sleep(SETTLING_MILLIS);
    field.count();
    double before = Processor.ours();
    long from = System.nanoTime();
    Thread.sleep(WINDOW_MILLIS);
    double seconds = (System.nanoTime() - from) / 1e9;
    double load = (Processor.ours() - before) / seconds;
    FieldReport report = field.report();
    long dropped =
        agent.statuses().stream()
            .mapToLong(status -> status.droppedChunks() + status.droppedFrames())
            .sum();
    agent.awaitNone(field);
    boolean holds = report.holds() && dropped == 0;
    bench
        .progress()
        .say(
            String.format(
                Locale.ROOT,
                "%d cameras: %s; %d late, %d lost, %d dropped, at most %d ms behind; the agent took"
                    + " %.2f CPU s a second",
                count,
                holds ? "holds" : "does not hold",
                report.late(),
                report.lost(),
                dropped,
                report.worstMillis(),
                load));
    if (holds) {
      perProcessorSecond = count / load;
    }
    return holds;
  }

  private static boolean delivers(CaptureStatus status) {
    return status.chunks() > 0;
  }
}
