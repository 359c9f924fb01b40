package io.sightline.bench.cut;

import io.sightline.bench.BenchException;
import io.sightline.bench.Claim;
import io.sightline.bench.Figure;
import io.sightline.bench.Target;
import io.sightline.bench.Workbench;
import io.sightline.media.cut.Cut;
import io.sightline.media.cut.CutResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Exact clips at random marks out of every source type that can be made on this machine, each
 * played as HLS and as MP4, and every picture read. What cannot be made is said, and left out.
 */
final class Exactness {

  private static final String NAME = "exactness";
  private static final Target NONE_WRONG = Target.atMost(0);
  private static final long SHORTEST_MICROS = 100_000;

  /** No mark-in lies so near to the end that there is nothing behind it. */
  private static final double LATEST_MARK_IN = 0.8;

  /** Of each source type so many are played in a browser, too, which takes longer. */
  private static final int BROWSED = 5;

  private final Workbench bench;
  private final long longestMicros;
  private final ClipJudge judge;
  private final Optional<BrowserJudge> browser;
  private final List<Figure> figures = new ArrayList<>();
  private final List<String> table = new ArrayList<>();
  private int wrong;

  private Exactness(Workbench bench, long longestMicros) throws Exception {
    this.bench = bench;
    this.longestMicros = longestMicros;
    this.judge = new ClipJudge(bench);
    this.browser = BrowserJudge.start(bench);
  }

  static Claim claim() {
    return new Claim(
        NAME,
        "clips of every source type show exactly the pictures asked for, as HLS and as MP4",
        "none, it is a count of wrong pictures",
        NONE_WRONG,
        bench -> measure(bench, SourceType.micros()));
  }

  /**
   * @param longestMicros of a clip: a browser takes its time for each picture
   */
  static List<Figure> measure(Workbench bench, long longestMicros) throws Exception {
    return new Exactness(bench, longestMicros).measure();
  }

  private List<Figure> measure() throws Exception {
    if (browser.isEmpty()) {
      bench.progress().say("no Chromium is installed: clips are played by ffmpeg alone");
    }
    try {
      return figures();
    } finally {
      if (browser.isPresent()) {
        browser.get().close();
      }
    }
  }

  private List<Figure> figures() throws Exception {
    List<SourceType> types =
        SourceType.all().stream().filter(type -> type.name().contains(bench.sources())).toList();
    if (types.isEmpty()) {
      throw new BenchException(
          "there is no source type with '" + bench.sources() + "' in its name");
    }
    for (SourceType type : types) {
      Path film;
      try {
        film = type.film(bench);
      } catch (BenchException e) {
        bench.progress().say(type.name() + ": left out, " + e.getMessage());
        table.add("| " + type.name() + " | left out: " + e.getMessage() + " |");
        continue;
      }
      measure(type, RecordedFilm.of(film));
    }
    table.forEach(bench.progress()::say);
    figures.add(0, Figure.plain(NAME, NONE_WRONG, wrong, "pictures"));
    return figures;
  }

  private void measure(SourceType type, RecordedFilm film) throws Exception {
    Random random = new Random(type.name().hashCode());
    MethodCount methods = new MethodCount();
    int before = wrong;
    for (int number = 0; number < bench.cuts(); number++) {
      long length = SourceType.micros();
      long in = (long) (random.nextDouble() * length * LATEST_MARK_IN);
      long longest = Math.min(length - in, longestMicros);
      long out = in + SHORTEST_MICROS + (long) (random.nextDouble() * longest);
      String id = NAME + "-" + number;
      long start = film.startMicros();
      CutResult cut = Cut.exact(id, film.chunks(), start + in, start + out, film, film);
      methods.add(cut);
      List<Integer> numbers = type.numbers(in, out);
      for (ClipJudge.Form form : ClipJudge.Form.values()) {
        wrong += judge.add(cut.index(), film, form, numbers);
      }
      if (browser.isPresent() && type.isSoughtExactly() && number < BROWSED) {
        wrong += browser.get().wrong(cut.index(), film, numbers, type.times(numbers));
      }
      film.forget(id);
    }
    wrong += judge.finish();
    table.add("| " + type.name() + " | " + methods.sentence() + " |");
    bench.progress().say(type.name() + ": " + (wrong - before) + " wrong pictures");
    figures.add(Figure.plain(slug(type), NONE_WRONG, wrong - before, "pictures"));
  }

  private static String slug(SourceType type) {
    return NAME + "." + type.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }
}
