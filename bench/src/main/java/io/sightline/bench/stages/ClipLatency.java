package io.sightline.bench.stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bench.BenchException;
import io.sightline.bench.Claim;
import io.sightline.bench.Distribution;
import io.sightline.bench.Figure;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.bus.InRecord;
import io.sightline.bus.Topic;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * How soon a segment of a live camera can be watched: from the later of two moments, when the
 * segment is written and when the last packet of the chunk that holds its mark-out has come, until
 * the first and the last media segment of its clip have been fetched. Marks lie at the live edge.
 */
final class ClipLatency {

  private static final String NAME = "clip-latency";
  private static final Target ANY_MARKS = Target.atMost(1.5);
  private static final Target AT_KEYFRAMES = Target.atMost(1);

  private static final int CLIPS = 20;
  private static final int WARM_UP_CLIPS = 6;
  private static final int SETTLING_SECONDS = 14;
  private static final long CLIP_MICROS = 10 * Positions.MICROS_PER_SECOND;

  /** A segmenter is sure of a mark-out some time after it. */
  private static final long BEHIND_MICROS = 2 * Positions.MICROS_PER_SECOND;

  private static final long PATIENCE_SECONDS = 60;
  private static final long SEED = 5;

  private final Workbench bench;
  private final Stages stages;
  private final Recorded recorded;
  private final BlockingQueue<Clip> clips = new LinkedBlockingQueue<>();
  private final Clock clock = Clock.systemUTC();
  private final Random random = new Random(SEED);

  private ClipLatency(Workbench bench, Stages stages) throws Exception {
    this.bench = bench;
    this.stages = stages;
    this.recorded = new Recorded(stages);
    stages.follow(Topic.CLIPS, (InRecord record) -> clips.add(record.as(Clip.class)));
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "a segment of a live camera is a clip whose media can be fetched",
        "none, it is a time",
        ANY_MARKS,
        ClipLatency::figures);
  }

  private static List<Figure> figures(Workbench bench) throws Exception {
    try (Stages stages = new Stages(bench, bench.footage().recording(2))) {
      return new ClipLatency(bench, stages).measure();
    }
  }

  private List<Figure> measure() throws Exception {
    recorded.await(SETTLING_SECONDS);
    bench.progress().say("warming up");
    for (int clip = 0; clip < WARM_UP_CLIPS; clip++) {
      seconds("warm-up", clip % 2 == 0);
    }
    Distribution any = new Distribution();
    Distribution atKeyframes = new Distribution();
    for (int clip = 0; clip < CLIPS; clip++) {
      any.add(seconds("any", false));
      atKeyframes.add(seconds("keyframes", true));
    }
    bench.progress().say("medians: " + any.percentile(0.5) + ", " + atKeyframes.percentile(0.5));
    return List.of(
        Figure.plain(NAME, ANY_MARKS, any.percentile(0.95), "s"),
        Figure.plain(NAME + ".keyframes", AT_KEYFRAMES, atKeyframes.percentile(0.95), "s"));
  }

  private double seconds(String label, boolean atKeyframes) throws Exception {
    long out = Positions.of(clock.instant()) - (long) (random.nextDouble() * BEHIND_MICROS);
    long in = out - CLIP_MICROS - (long) (random.nextDouble() * BEHIND_MICROS);
    if (atKeyframes) {
      out = recorded.keyframe(out).orElse(out);
      in = recorded.keyframe(in).orElse(in);
    }
    Segment segment = Found.segment(label, recorded.last().epoch(), in, out);
    stages.write(segment);
    long written = Positions.of(clock.instant());
    ChunkInfo needed = recorded.reaching(out);
    fetch(clipOf(segment));
    long fetched = Positions.of(clock.instant());
    long from = Math.max(written, needed.capturedMicros());
    return (fetched - from) / (double) Positions.MICROS_PER_SECOND;
  }

  private Clip clipOf(Segment segment) throws Exception {
    while (true) {
      Clip clip = clips.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (clip == null || clip.state() != MediaState.READY) {
        throw new BenchException(
            "There is no clip of " + segment.id() + (clip == null ? "" : ": " + clip.error()));
      }
      if (clip.segment().equals(segment.id())) {
        return clip;
      }
    }
  }

  /** As a player does: clip, master, its playlist, the first and the last media segment. */
  private void fetch(Clip clip) throws Exception {
    JsonNode media = stages.get("/clips/" + clip.id()).path("media");
    String master = media.path("hls").asText();
    String folder = master.substring(0, master.lastIndexOf('/') + 1);
    String playlist = folder + Playlist.lines(text(master)).get(0);
    List<String> segments = Playlist.lines(text(playlist));
    stages.body(folder + segments.get(0));
    stages.body(folder + segments.get(segments.size() - 1));
  }

  private String text(String path) throws Exception {
    return new String(stages.body(path), StandardCharsets.UTF_8);
  }
}
