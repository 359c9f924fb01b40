package io.sightline.media.timeline;

import static io.sightline.media.timeline.Timelines.R25;
import static io.sightline.media.timeline.Timelines.R29_97;
import static io.sightline.media.timeline.Timelines.clip;
import static io.sightline.media.timeline.Timelines.form;
import static io.sightline.media.timeline.Timelines.marks;
import static io.sightline.media.timeline.Timelines.micros;
import static io.sightline.media.timeline.Timelines.options;
import static io.sightline.media.timeline.Timelines.recording;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.sightline.media.timeline.TimelineRecording.Stretch;
import io.sightline.records.Clip;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineBuilderTest {

  private static final long START = micros("2026-03-01T14:00:00Z");
  private static final long SECOND = 1_000_000;

  @Test
  void handles_atTheEndsOfTheRecording_areAsLongAsTheRecordingGoes() throws Exception {
    Timeline timeline =
        recorded(
            options("media", "recording", "handles", "50"),
            recording("cam", START, START + 20 * SECOND, form(R25)),
            marks("cam", "", "", START + SECOND, START + 5 * SECOND),
            marks("cam", "", "", START + 8 * SECOND, START + 12 * SECOND),
            marks("cam", "", "", START + 15 * SECOND, START + 20 * SECOND));

    assertThat(timeline.entries())
        .extracting(
            TimelineEntry::sourceIn,
            TimelineEntry::sourceOut,
            TimelineEntry::handleIn,
            TimelineEntry::handleOut,
            TimelineEntry::recordIn,
            TimelineEntry::recordOut)
        .containsExactly(
            tuple(0L, 175L, 25L, 50L, 0L, 175L),
            tuple(150L, 350L, 50L, 50L, 175L, 375L),
            tuple(325L, 500L, 50L, 0L, 375L, 550L));
  }

  @Test
  void handles_ofClips_areNone() throws Exception {
    Timeline timeline =
        TimelineBuilder.ofClips(
            "t",
            List.of(clip("cam", "", "a.mp4", START, START + SECOND, form(R25))),
            options("handles", "12"));

    assertThat(timeline.entries().get(0).handleIn()).isZero();
    assertThat(timeline.entries().get(0).recordFrames()).isEqualTo(25);
  }

  /** An intro of two seconds, and a clip of 0.8 s between the two. */
  @Test
  void cuts_withSomethingElseBetween_areWhereTheyPlay() throws Exception {
    TimelineShot first = marks("cam", "", "", START + SECOND, START + 5 * SECOND);
    TimelineShot second = marks("cam", "", "", START + 8 * SECOND, START + 12 * SECOND);
    Timeline recorded =
        recorded(
            options("media", "recording"),
            recording("cam", START, START + 20 * SECOND, form(R25)),
            first.after(2 * SECOND),
            second.after(800_000));
    Timeline clips =
        TimelineBuilder.ofClips(
            "t",
            List.of(
                clip("cam", "", "a.mp4", START, START + 4 * SECOND, form(R25)).after(2 * SECOND),
                clip("cam", "", "b.mp4", START, START + 4 * SECOND, form(R25)).after(800_000)),
            options());

    for (Timeline timeline : List.of(recorded, clips)) {
      assertThat(timeline.entries())
          .extracting(TimelineEntry::recordIn, TimelineEntry::recordOut)
          .containsExactly(tuple(50L, 150L), tuple(170L, 270L));
    }
  }

  @Test
  void cut_overAnInterruption_isOneCutForEachPart() throws Exception {
    TimelineRecording recording =
        new TimelineRecording(
            "cam",
            List.of(
                new Stretch(START, START + 10 * SECOND),
                new Stretch(START + 14 * SECOND, START + 30 * SECOND)),
            null,
            form(R25));
    TimelineShot shot =
        new TimelineShot(
            "cam",
            "cam.live.presence.1",
            "goal",
            "",
            START + 8 * SECOND,
            START + 20 * SECOND,
            List.of(new Clip.Gap(START + 17 * SECOND, START + 18 * SECOND)),
            null);

    Timeline timeline = recorded(options("media", "recording", "handles", "10"), recording, shot);

    assertThat(timeline.entries())
        .extracting(
            TimelineEntry::sourceIn,
            TimelineEntry::sourceOut,
            TimelineEntry::handleIn,
            TimelineEntry::handleOut)
        .containsExactly(
            tuple(190L, 250L, 10L, 0L), tuple(350L, 425L, 0L, 0L), tuple(450L, 510L, 0L, 10L));
  }

  @Test
  void recording_usedFromItsSecondStretchOn_beginsThere() throws Exception {
    TimelineRecording recording =
        new TimelineRecording(
            "cam",
            List.of(
                new Stretch(START, START + 10 * SECOND),
                new Stretch(START + 60 * SECOND, START + 90 * SECOND)),
            null,
            form(R25));

    Timeline timeline =
        recorded(
            options("media", "recording"),
            recording,
            marks("cam", "", "", START + 61 * SECOND, START + 62 * SECOND));

    assertThat(timeline.sources().get(0).start()).hasToString("15:01:00:00");
    assertThat(timeline.sources().get(0).lengthFrames()).isEqualTo(750);
    assertThat(timeline.entries().get(0).sourceIn()).isEqualTo(25);
  }

  @Test
  void clip_copiedFromTheKeyframeBefore_playsWholeAndSaysWhereTheMarksAre() throws Exception {
    TimelineShot early =
        new TimelineShot(
            "cam",
            "cam.live.presence.1",
            "goal",
            "",
            START + 4 * SECOND,
            START + 9 * SECOND,
            List.of(new Clip.Gap(START + SECOND, START + 2 * SECOND)),
            new TimelineShot.Media(
                "a.mp4", null, START, START + 10 * SECOND, 9 * SECOND, form(R25, 2)));

    Timeline timeline = TimelineBuilder.ofClips("t", List.of(early), options());

    assertThat(timeline.entries().get(0).sourceOut()).isEqualTo(225);
    assertThat(timeline.entries().get(0).markers())
        .containsExactly(new TimelineMarker(75, "mark-in"), new TimelineMarker(200, "mark-out"));
  }

  @Test
  void clip_shownTwice_isOneSource() throws Exception {
    TimelineShot shot = clip("cam", "", "a.mp4", START, START + SECOND, form(R25));

    Timeline timeline = TimelineBuilder.ofClips("t", List.of(shot, shot), options());

    assertThat(timeline.sources()).hasSize(1);
    assertThat(timeline.entries()).hasSize(2);
  }

  @Test
  void sources_ofOtherRate_keepTheirOwnFramesAndTakeTheirTimeOnTheTimeline() throws Exception {
    Timeline timeline =
        TimelineBuilder.ofClips(
            "t",
            List.of(
                clip("a", "", "a.mp4", START, START + 2 * SECOND, form(R25, 2)),
                clip("b", "", "b.mp4", START, START + 2_002_000, form(R29_97, 2))),
            options("timecode", "time-of-day"));

    TimelineEntry other = timeline.entries().get(1);
    assertThat(other.sourceFrames()).isEqualTo(60);
    assertThat(other.recordFrames()).isEqualTo(50);
    assertThat(timeline.sources().get(1).start()).hasToString("15:00:00;02");
    String edl = text(TimelineFormat.EDL, timeline);
    assertThat(edl)
        .contains("002  B        AA/V  C        15:00:00:00 15:00:02:00 00:00:02:00 00:00:04:00")
        .contains("* SOURCE RATE: 30000/1001 from 15:00:00;02");
    assertThat(text(TimelineFormat.FCPXML, timeline))
        .contains("<conform-rate scaleEnabled=\"0\" srcFrameRate=\"29.97\"/>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate | 25/0 | 'rate' is frames a second, as 25 or 30000/1001, not '25/0'",
        "rate | fast | 'rate' is frames a second, as 25 or 30000/1001, not 'fast'",
        "rate | 0 | 'rate' is frames a second, as 25 or 30000/1001, not '0'",
        "media | tape | 'media' is 'clips' or 'recording', not 'tape'",
        "timecode | noon | 'timecode' is 'start' or 'time-of-day', not 'noon'",
        "dropFrame | yes | 'dropFrame' is 'true' or 'false', not 'yes'",
        "handles | -1 | 'handles' is a number of frames from 0 to 3000, not '-1'",
        "handles | 3001 | 'handles' is a number of frames from 0 to 3000, not 3001",
      })
  void options_withWrongValue_sayWhatIsRight(String name, String value, String sentence) {
    assertThatThrownBy(() -> options(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dropFrame | true | Drop-frame is for 30000/1001 and 60000/1001 frames a second, and these"
            + " are 25/1.",
        "rate | 120 | Timecode counts up to 100 frames a second, not 120/1; ask for fewer as"
            + " 'rate', such as 50.",
        "begin | noon | 'begin': Expected a timecode such as 10:59:59:24, not 'noon'.",
        "begin | 10:00:00:25 | 'begin': The frames of a timecode are 0 to 24 here, not 25 as in"
            + " 10:00:00:25.",
      })
  void timeline_thatCannotBeCountedSo_isRefused(String name, String value, String sentence) {
    List<TimelineShot> shots = List.of(clip("cam", "", "a.mp4", START, START + SECOND, form(R25)));

    assertThatThrownBy(() -> TimelineBuilder.ofClips("t", shots, options(name, value)))
        .isInstanceOf(TimelineException.class)
        .hasMessage(sentence);
  }

  @Test
  void source_thatDoesNotSayItsRate_takesTheOneAskedForOrIsRefused() throws Exception {
    List<TimelineShot> shots =
        List.of(clip("cam", "", "a.mp4", START, START + SECOND, SourceForm.UNKNOWN));

    assertThat(TimelineBuilder.ofClips("t", shots, options("rate", "50")).lengthFrames())
        .isEqualTo(50);
    assertThatThrownBy(() -> TimelineBuilder.ofClips("t", shots, options()))
        .isInstanceOf(TimelineException.class)
        .hasMessage(
            "The stream 'cam' does not say how many pictures a second it has; say it as 'rate',"
                + " such as 25.");
  }

  @Test
  void timeline_ofNothing_isRefused() {
    TimelineShot uncut = marks("cam", "", "", START, START + SECOND);

    assertThatThrownBy(() -> TimelineBuilder.ofClips("t", List.of(), options()))
        .hasMessage("There is nothing to show: no segment that has ended lies in it.");
    assertThatThrownBy(() -> TimelineBuilder.ofClips("t", List.of(uncut), options()))
        .hasMessageContaining("none of its segments has a clip that is ready");
    assertThatThrownBy(
            () -> TimelineBuilder.ofRecordings("t", List.of(uncut), List.of(), options()))
        .hasMessage("There is nothing to show: no segment that has ended was recorded.");
    assertThatThrownBy(
            () ->
                recorded(
                    options(),
                    recording("cam", START, START + SECOND, form(R25)),
                    marks("cam", "", "", START + 5_000, START + 9_000)))
        .hasMessage("There is nothing to show: what was found is shorter than a frame.");
  }

  @Test
  void form_ofRecordedTracks_isThatOfTheirFirstConfigurations() {
    SourceForm form =
        SourceForm.of(
            List.of(
                video(1, new Rational(2_997, 100), 1280),
                video(1, R25, 640),
                sound(2, 2),
                sound(3, 6)));

    assertThat(form).isEqualTo(new SourceForm(R29_97, 1280, 720, List.of(2, 6), 48_000));
  }

  private static TrackInfo video(int track, Rational rate, int width) {
    return new TrackInfo(
        track, TrackInfo.Kind.VIDEO, "avc1", "init", 90_000, 0, width, 720, rate, 0, 0, null);
  }

  private static TrackInfo sound(int track, int channels) {
    return new TrackInfo(
        track, TrackInfo.Kind.AUDIO, "mp4a", "init", 48_000, 0, 0, 0, null, 48_000, channels, null);
  }

  private static Timeline recorded(
      TimelineOptions options, TimelineRecording recording, TimelineShot... shots)
      throws TimelineException {
    return TimelineBuilder.ofRecordings("t", List.of(shots), List.of(recording), options);
  }

  private static String text(TimelineFormat format, Timeline timeline) throws Exception {
    return new String(
        format.write(timeline).get(0).content(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
