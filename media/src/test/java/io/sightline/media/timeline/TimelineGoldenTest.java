package io.sightline.media.timeline;

import static io.sightline.media.timeline.Timelines.R25;
import static io.sightline.media.timeline.Timelines.R29_97;
import static io.sightline.media.timeline.Timelines.form;
import static io.sightline.media.timeline.Timelines.marks;
import static io.sightline.media.timeline.Timelines.micros;
import static io.sightline.media.timeline.Timelines.options;
import static io.sightline.media.timeline.Timelines.picture;
import static io.sightline.media.timeline.Timelines.recording;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every format of two timelines, byte for byte. {@code -Dgolden.refresh=true} writes the files
 * anew; what changed in them is then to be looked at as the tools that read them would.
 */
class TimelineGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden/timeline");

  @ParameterizedTest
  @EnumSource(TimelineFormat.class)
  void write_clipsAsTheyPlay_givesTheGoldenBytes(TimelineFormat format) throws Exception {
    long start = micros("2026-03-01T14:00:00Z");
    SourceForm stereo = form(R25, 2);
    SourceForm silent = form(R25);
    TimelineShot early =
        new TimelineShot(
            "court-1",
            "court-1.live.presence.1772373600000000",
            "match point",
            "it lies in the window",
            start + 1_000_000,
            start + 13_000_000,
            List.of(),
            new TimelineShot.Media(
                "001-match-point.mp4",
                "clips/001-match-point.mp4",
                start,
                start + 13_000_000,
                13_000_000,
                stereo));
    Timeline timeline =
        TimelineBuilder.ofClips(
            "Cup final: \"best of\" <2026> & more",
            List.of(
                early,
                Timelines.clip(
                    "court-1",
                    "ace",
                    "002-ace.mp4",
                    start + 60_000_000,
                    start + 72_040_000,
                    stereo),
                Timelines.clip("court-2", "", "003-ball.mp4", start, start + 11_000_000, silent)),
            options("begin", "10:00:00:00"));

    golden("clips", format, timeline);
  }

  @ParameterizedTest
  @EnumSource(TimelineFormat.class)
  void write_recordingByTimeOfDay_givesTheGoldenBytes(TimelineFormat format) throws Exception {
    long start = micros("2026-03-01T22:59:00Z");
    SourceForm mono = form(R29_97, 1, 2);
    Timeline timeline =
        TimelineBuilder.ofRecordings(
            "Night shift",
            List.of(
                marks(
                    "gate", "person", "opened by person 91 %", start, picture(start, 450, R29_97)),
                marks(
                    "gate",
                    "vehicle",
                    "",
                    picture(start, 1_790, R29_97),
                    picture(start, 2_400, R29_97)),
                marks(
                    "yard",
                    "person",
                    "opened by person 88 %",
                    picture(start, 3_000, R29_97),
                    picture(start, 3_400, R29_97))),
            List.of(
                recording("gate", start, picture(start, 9_000, R29_97), mono),
                recording("yard", start, picture(start, 9_000, R29_97), form(R29_97))),
            options("media", "recording", "handles", "12"));

    golden("recording", format, timeline);
  }

  private static void golden(String name, TimelineFormat format, Timeline timeline)
      throws Exception {
    List<TimelineFile> files = format.write(timeline);
    assertThat(files).hasSize(1);
    byte[] content = files.get(0).content();
    Path golden = GOLDEN.resolve(name + extension(files.get(0)));
    if (Boolean.getBoolean("golden.refresh")) {
      Files.createDirectories(GOLDEN);
      Files.write(golden, content);
    }
    assertThat(golden).hasBinaryContent(content);
  }

  private static String extension(TimelineFile file) {
    return file.name().substring(file.name().indexOf('.'));
  }
}
