package io.sightline.bench.cut;

import io.sightline.bench.BenchException;
import io.sightline.bench.Claim;
import io.sightline.bench.Comparison;
import io.sightline.bench.Distribution;
import io.sightline.bench.Figure;
import io.sightline.bench.Footage;
import io.sightline.bench.Processor;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Exact clips of 30 s at uniform random marks, structure and pictures checked, until they could be
 * announced; against encoding all of such a clip. Then every clip is played, and its pictures read.
 */
final class CutCost {

  private static final String NAME = "cut";
  private static final Target CPU = Target.atMost(0.12);
  private static final Target WALL = Target.atMost(1.5);
  private static final Target NONE_WRONG = Target.atMost(0);

  private static final int CLIP_SECONDS = 30;
  private static final int ROUNDS = 5;
  private static final int CLIPS_A_ROUND = 6;
  private static final int WARM_UP_CLIPS = 6;

  /** The same marks in each run, so that two runs compare. */
  private static final long SEED = 5;

  private static final Rational EACH = new Rational(1, Footage.RATE);
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /**
   * @param inMicros mark-in, from the film's beginning
   */
  private record Made(long inMicros, CutResult cut) {}

  private final Workbench bench;
  private final RecordedFilm film;
  private final WholeEncode yardstick;
  private final ClipJudge judge;
  private final Random random = new Random(SEED);
  private final Distribution wall = new Distribution();
  private int clips;
  private int wrong;

  private CutCost(Workbench bench) throws Exception {
    Path recording = bench.footage().recording(2);
    this.bench = bench;
    this.film = RecordedFilm.of(recording);
    this.yardstick = new WholeEncode(recording);
    this.judge = new ClipJudge(bench);
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "an exact clip of 30 s at random marks, both checks included",
        "encoding all of it with the same encoder",
        CPU,
        bench -> new CutCost(bench).figures());
  }

  private List<Figure> figures() throws Exception {
    bench.progress().say("warming up");
    for (int clip = 0; clip < WARM_UP_CLIPS; clip++) {
      cut();
    }
    yardstick.encode(0, CLIP_SECONDS * Footage.RATE / 10);
    Comparison cpu = Comparison.of(ROUNDS, bench.progress(), this::ours, this::whole);
    bench.progress().say(wall.count() + " clips, " + wrong + " wrong pictures");
    return List.of(
        Figure.ratio("cut.cpu", CPU, cpu, "CPU s"),
        Figure.plain("cut.wall", WALL, wall.percentile(0.95), "s"),
        Figure.plain("cut.wrongPictures", NONE_WRONG, wrong, "pictures"));
  }

  /** The mean of some clips. */
  private double ours() throws Exception {
    List<Made> made = new ArrayList<>();
    double cost = 0;
    for (int clip = 0; clip < CLIPS_A_ROUND; clip++) {
      double before = Processor.ours();
      long start = System.nanoTime();
      made.add(cut());
      wall.add((System.nanoTime() - start) / 1e9);
      cost += Processor.ours() - before;
    }
    for (Made each : made) {
      judge(each);
    }
    wrong += judge.finish();
    return cost / CLIPS_A_ROUND;
  }

  private Made cut() throws Exception {
    long latest = Positions.MICROS_PER_SECOND * (Footage.SECONDS - CLIP_SECONDS);
    long in = (long) (random.nextDouble() * latest);
    long markIn = film.startMicros() + in;
    long markOut = markIn + Positions.MICROS_PER_SECOND * CLIP_SECONDS;
    String id = NAME + "-" + clips++;
    CutResult cut = Cut.exact(id, film.chunks(), markIn, markOut, film, film);
    Json.encode(cut.index());
    return new Made(in, cut);
  }

  private void judge(Made made) throws Exception {
    if (made.cut.note() != null) {
      throw new BenchException("A clip is not what was to be measured: it " + made.cut.note());
    }
    long out = made.inMicros + Positions.MICROS_PER_SECOND * CLIP_SECONDS;
    List<Integer> expected =
        IntStream.range(0, Footage.SECONDS * Footage.RATE)
            .filter(
                picture -> {
                  long at = Rational.rescale(picture, EACH, MICROS);
                  return at >= made.inMicros && at < out;
                })
            .map(Footage::numberOf)
            .boxed()
            .toList();
    String id = made.cut.index().clip();
    ClipJudge.Form form = ClipJudge.Form.values()[wall.count() % 2];
    wrong += judge.add(made.cut.index(), film, form, expected);
    film.forget(id);
  }

  private double whole() throws Exception {
    int pictures = CLIP_SECONDS * Footage.RATE;
    int first = random.nextInt(Footage.SECONDS * Footage.RATE - pictures);
    double before = Processor.ours();
    yardstick.encode(first, first + pictures);
    return Processor.ours() - before;
  }
}
