package io.sightline.bench.cut;

import io.sightline.bench.BenchException;
import io.sightline.bench.PictureNumbers;
import io.sightline.bench.SystemFfmpeg;
import io.sightline.bench.Workbench;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A kind of recording that people have: small, eight seconds long, its pictures numbered.
 *
 * @param extension of the file
 * @param rate pictures a second, as FFmpeg writes it
 * @param audioTracks how many
 * @param dropped every n-th picture is missing; 0 when none is
 * @param options how FFmpeg makes the pictures
 */
record SourceType(
    String name, String extension, String rate, int audioTracks, int dropped, String options) {

  private static final String OPEN_H264 = "-c:v libopenh264 -b:v 800k -g 30";
  private static final String CABAC = OPEN_H264 + " -profile:v high -coder cabac";
  private static final String X264 = "-c:v libx264 -preset veryfast -crf 20 -threads 1 ";
  private static final String X265 = "-c:v libx265 -preset ultrafast -crf 22 -tag:v hvc1 ";
  private static final String AV1 = "-c:v libsvtav1 -preset 12 -crf 40 -g 40 -svtav1-params lp=1";

  private static final int SECONDS = 8;
  private static final int WIDTH = 320;
  private static final String FILM = "testsrc2=size=320x180:rate=";
  private static final String TONE = "sine=frequency=440:sample_rate=48000";
  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final Rational MILLIS = new Rational(1, 1_000);

  private static SourceType of(String name, String extension, String rate, String options) {
    return new SourceType(name, extension, rate, 1, 0, options);
  }

  static List<SourceType> all() {
    return List.of(
        of("H.264 without B-pictures", "mp4", "25", OPEN_H264),
        of("H.264, CABAC, FLV", "flv", "30000/1001", CABAC),
        of("H.264, 23.976, TS", "ts", "24000/1001", OPEN_H264),
        of("H.264, 59.94", "mp4", "60000/1001", OPEN_H264),
        of("H.264, 50, B-pictures, FLV", "flv", "50", X264 + "-g 50 -bf 3"),
        of("H.264, B-pyramid, TS", "ts", "30000/1001", X264 + "-g 60 -bf 8 -b_strategy 2"),
        of("H.264, many references", "mp4", "25", X264 + "-g 50 -bf 2 -refs 6 -weightp 2"),
        of("H.264, slices", "mp4", "25", X264 + "-g 25 -bf 2 -slices 4"),
        of("H.264, GOP of 8 s", "mp4", "25", X264 + "-g 200 -keyint_min 200 -bf 2"),
        new SourceType("H.264, two audio tracks, TS", "ts", "25", 2, 0, OPEN_H264),
        new SourceType("H.264, variable rate", "mp4", "25", 1, 7, X264 + "-g 40 -bf 2"),
        of("H.264, open GOP", "mp4", "25", X264 + "-g 30 -bf 3 -x264-params open-gop=1"),
        of(
            "H.264, interlaced, TS",
            "ts",
            "25",
            X264 + "-g 25 -bf 2 -flags +ilme+ildct -x264-params interlaced=1"),
        of("H.264, 10 bits", "mp4", "25", X264 + "-g 25 -bf 2 -pix_fmt yuv420p10le"),
        of("HEVC", "mp4", "25", X265 + "-x265-params log-level=error:keyint=40"),
        of("AV1", "mp4", "25", AV1));
  }

  /** What makes its pictures, as FFmpeg names it. */
  String encoder() {
    return options.split(" ")[1];
  }

  /** Whether the bundled ffmpeg cannot make it. */
  boolean needsSystem() {
    return encoder().startsWith("libx26");
  }

  /**
   * Whether a browser shows the picture of any moment. Where pictures are missing, Chromium takes
   * how long one is shown from its place in decoding order, in what was recorded as in clips of it.
   */
  boolean isSoughtExactly() {
    return dropped == 0;
  }

  /**
   * @throws BenchException when it needs an encoder that this machine lacks
   */
  Path film(Workbench bench) throws Exception {
    Path film = bench.emptied("source").resolve("film." + extension);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-f", "lavfi", "-i", PictureNumbers.on(FILM + rate, WIDTH, rate)));
    arguments.addAll(List.of("-f", "lavfi", "-i", TONE, "-t", "" + SECONDS, "-map", "0:v"));
    for (int track = 0; track < audioTracks; track++) {
      arguments.addAll(List.of("-map", "1:a"));
    }
    if (dropped > 0) {
      arguments.addAll(List.of("-vf", "select=mod(n\\," + dropped + ")"));
    }
    arguments.addAll(List.of("-fps_mode", "passthrough", "-c:a", "aac", "-b:a", "96k"));
    if (!options.contains("-pix_fmt")) {
      arguments.addAll(List.of("-pix_fmt", "yuv420p"));
    }
    arguments.addAll(List.of(options.split(" ")));
    arguments.add(film.toString());
    if (needsSystem()) {
      system(bench).run(arguments);
    } else {
      bench.ffmpeg().run(arguments);
    }
    return film;
  }

  private SystemFfmpeg system(Workbench bench) throws Exception {
    Optional<SystemFfmpeg> system = bench.systemFfmpeg();
    if (system.isEmpty() || !system.get().has(encoder())) {
      throw new BenchException("no ffmpeg with " + encoder() + " is installed");
    }
    return system.get();
  }

  /**
   * The numbers of the pictures between two marks, by arithmetic alone.
   *
   * @param inMicros from the film's first picture on
   * @param outMicros not in any more
   */
  List<Integer> numbers(long inMicros, long outMicros) {
    return pictures()
        .filter(number -> at(number) >= inMicros && at(number) < outMicros)
        .boxed()
        .toList();
  }

  /**
   * When each of some pictures begins to be shown and, last, when the picture behind them would, in
   * seconds from the first of them on.
   *
   * @param numbers consecutive ones
   */
  List<Double> times(List<Integer> numbers) {
    long first = at(numbers.get(0));
    int last = numbers.get(numbers.size() - 1);
    int behind = pictures().filter(number -> number > last).findFirst().orElse(last + 1);
    return Stream.concat(numbers.stream(), Stream.of(behind))
        .map(number -> Positions.seconds(at(number) - first))
        .toList();
  }

  /** Numbers of all pictures that the film has. */
  private IntStream pictures() {
    return IntStream.range(0, (int) Rational.rescale(SECONDS, new Rational(1, 1), each()))
        .filter(number -> dropped == 0 || number % dropped != 0);
  }

  /** When a picture is shown, from the film's first one on. */
  private long at(int number) {
    // A container may count in milliseconds.
    Rational grid = extension.equals("flv") ? MILLIS : MICROS;
    int first = dropped > 0 ? 1 : 0;
    long ticks = Rational.rescale(number, each(), grid) - Rational.rescale(first, each(), grid);
    return Rational.rescale(ticks, grid, MICROS);
  }

  private Rational each() {
    Rational pictures = Rational.parse(rate);
    return new Rational(pictures.denominator(), pictures.numerator());
  }

  /** How long it is. */
  static long micros() {
    return SECONDS * Positions.MICROS_PER_SECOND;
  }
}
