package io.sightline.media.timeline;

import static io.sightline.media.timeline.Timelines.form;
import static io.sightline.media.timeline.Timelines.marks;
import static io.sightline.media.timeline.Timelines.micros;
import static io.sightline.media.timeline.Timelines.options;
import static io.sightline.media.timeline.Timelines.picture;
import static io.sightline.media.timeline.Timelines.recording;
import static org.assertj.core.api.Assertions.assertThat;

import io.sightline.records.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each format read back by a reader of its own: every cut must be the frame that was meant. */
class TimelineCutPointsTest {

  private static final long HOURS_30 = 30L * 3_600;

  /** A cut as it was chosen: the numbers of two pictures of its source. */
  private record Chosen(int stream, long in, long out) {}

  @ParameterizedTest
  @CsvSource({
    "24000/1001, 24, false, 24 TRUE",
    "25/1, 25, false, 25 FALSE",
    "30000/1001, 30, true, 30 TRUE",
    "60000/1001, 60, true, 60 TRUE",
    "50/1, 50, false, 50 FALSE"
  })
  void cuts_acrossMidnightAtEachRate_areTheFramesChosenInEveryFormat(
      String text, int counted, boolean dropFrame, String xmemlRate) throws Exception {
    Rational rate = Rational.parse(text);
    // Thirty hours from the evening on: the sources' timecode and the timeline's both go round.
    long start = micros("2026-03-01T21:30:17.123456Z");
    long pictures = HOURS_30 * rate.numerator() / rate.denominator();
    List<Chosen> chosen = choose(new Random(7), 400, pictures);
    List<TimelineShot> shots = new ArrayList<>();
    for (Chosen cut : chosen) {
      shots.add(
          marks(
              "cam-" + cut.stream(),
              "goal",
              "",
              picture(start, cut.in(), rate),
              picture(start, cut.out(), rate)));
    }
    List<TimelineRecording> recordings =
        List.of(
            recording("cam-0", start, picture(start, pictures, rate), form(rate, 2)),
            recording("cam-1", start, picture(start, pictures, rate), form(rate, 1)));

    Timeline timeline =
        TimelineBuilder.ofRecordings(
            "All of it", shots, recordings, options("media", "recording", "begin", "23:50:00:00"));

    assertThat(timeline.dropFrame()).isEqualTo(dropFrame);
    long evening = framesAt(22 * 3_600 + 30 * 60 + 17, 123_456, rate);
    List<CutPoint> meant = new ArrayList<>();
    EdlReader edl = new EdlReader(counted, dropFrame);
    // Of ten minutes, nine leave out numbers.
    long at = edl.framesOfADay() - 600L * counted + (dropFrame ? 9 * counted / 15 : 0);
    for (Chosen cut : chosen) {
      long length = cut.out() - cut.in();
      meant.add(
          new CutPoint(
              "cam-" + cut.stream(), evening + cut.in(), evening + cut.out(), at, at + length));
      at += length;
    }
    assertThat(at).as("goes past midnight").isGreaterThan(edl.framesOfADay());

    assertThat(OtioReader.read(bytes(TimelineFormat.OTIO, timeline), "Video")).isEqualTo(meant);
    assertThat(OtioReader.read(bytes(TimelineFormat.OTIO, timeline), "Audio")).isEqualTo(meant);
    FcpxmlReader fcpxml = new FcpxmlReader(bytes(TimelineFormat.FCPXML, timeline));
    assertThat(fcpxml.read()).isEqualTo(meant);
    assertThat(fcpxml.tcFormat()).isEqualTo(dropFrame ? "DF" : "NDF");
    XmemlReader xmeml = new XmemlReader(bytes(TimelineFormat.XMEML, timeline));
    List<List<CutPoint>> tracks = xmeml.read();
    assertThat(tracks.get(0)).isEqualTo(meant);
    assertThat(tracks.get(1)).isEqualTo(meant);
    assertThat(tracks.get(2))
        .isEqualTo(meant.stream().filter(cut -> cut.source().equals("cam-0")).toList());
    assertThat(xmeml.rate()).isEqualTo(xmemlRate);
    assertThat(xmeml.displayFormat()).isEqualTo(dropFrame ? "DF" : "NDF");
    assertThat(edl.read(bytes(TimelineFormat.EDL, timeline)))
        .isEqualTo(
            meant.stream()
                .map(
                    cut ->
                        new CutPoint(
                            cut.source().equals("cam-0") ? "CAM0" : "CAM1",
                            cut.sourceIn(),
                            cut.sourceOut(),
                            cut.recordIn(),
                            cut.recordOut()))
                .map(cut -> cut.within(edl.framesOfADay()))
                .toList());
  }

  /** In containers that count milliseconds, or ninety thousandths, pictures lie beside the grid. */
  @ParameterizedTest
  @CsvSource({
    "24000/1001, 1000",
    "24000/1001, 90000",
    "30000/1001, 1000",
    "60000/1001, 1000",
    "25/1, 1000"
  })
  void cuts_ofSourceWithCoarseClock_areTheFramesChosen(String text, long ticks) throws Exception {
    Rational rate = Rational.parse(text);
    long start = micros("2026-03-01T10:00:00Z");
    List<TimelineShot> shots = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      long in = 200L * i + random.nextInt(80);
      long out = in + 1 + random.nextInt(100);
      numbers.add(in);
      numbers.add(out);
      shots.add(
          marks("cam", "", "", coarse(start, in, rate, ticks), coarse(start, out, rate, ticks)));
    }

    Timeline timeline =
        TimelineBuilder.ofRecordings(
            "Coarse",
            shots,
            List.of(recording("cam", start, coarse(start, 70_000, rate, ticks), form(rate))),
            options("media", "recording", "timecode", "start"));

    List<Long> found = new ArrayList<>();
    for (CutPoint cut : OtioReader.read(bytes(TimelineFormat.OTIO, timeline), "Video")) {
      found.add(cut.sourceIn());
      found.add(cut.sourceOut());
    }
    assertThat(found).isEqualTo(numbers);
  }

  @Test
  void edl_of2001Cuts_isThreeListsThatGoOn() throws Exception {
    Rational rate = new Rational(25, 1);
    long start = micros("2026-03-01T10:00:00Z");
    List<TimelineShot> shots = new ArrayList<>();
    for (int i = 0; i < 2_001; i++) {
      shots.add(
          marks("cam", "", "", picture(start, 10L * i, rate), picture(start, 10L * i + 3, rate)));
    }

    Timeline timeline =
        TimelineBuilder.ofRecordings(
            "Long day",
            shots,
            List.of(recording("cam", start, picture(start, 30_000, rate), form(rate, 2))),
            options("media", "recording", "timecode", "start"));
    List<TimelineFile> lists = TimelineFormat.EDL.write(timeline);

    assertThat(lists)
        .extracting(TimelineFile::name)
        .containsExactly("long-day-01.edl", "long-day-02.edl", "long-day-03.edl");
    List<CutPoint> cuts = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (TimelineFile list : lists) {
      List<CutPoint> part = new EdlReader(25, false).read(list.content());
      sizes.add(part.size());
      cuts.addAll(part);
    }
    assertThat(sizes).containsExactly(999, 999, 3);
    for (int i = 0; i < cuts.size(); i++) {
      assertThat(cuts.get(i))
          .isEqualTo(new CutPoint("CAM", 10L * i, 10L * i + 3, 3L * i, 3L * i + 3));
    }
  }

  private static List<Chosen> choose(Random random, int count, long pictures) {
    List<Chosen> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long in = (long) (random.nextDouble() * (pictures - 2_000));
      chosen.add(new Chosen(i % 2, in, in + 1 + random.nextInt(1_500)));
    }
    return chosen;
  }

  private static long framesAt(long seconds, long micros, Rational rate) {
    double frames = (seconds + micros / 1e6) * rate.numerator() / rate.denominator();
    return Math.round(frames);
  }

  private static long coarse(long start, long number, Rational rate, long ticks) {
    long tick = Math.round(number * (double) rate.denominator() / rate.numerator() * ticks);
    return start + Math.round(tick * 1e6 / ticks);
  }

  private static byte[] bytes(TimelineFormat format, Timeline timeline) throws Exception {
    List<TimelineFile> files = format.write(timeline);
    assertThat(files).hasSize(1);
    return files.get(0).content();
  }
}
