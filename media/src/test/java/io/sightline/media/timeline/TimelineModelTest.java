package io.sightline.media.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineModelTest {

  private static final Rational RATE = new Rational(30_000, 1001);
  private static final Timecode HOUR = Timecode.parse("01:00:00;00", RATE);

  private static TimelineSource source(String reel, Integer... channels) {
    return new TimelineSource(
        reel.toLowerCase(java.util.Locale.ROOT),
        reel,
        null,
        HOUR,
        1_000,
        1920,
        1080,
        List.of(channels),
        48_000);
  }

  private static TimelineEntry entry(int source, long in, long record, long length) {
    return new TimelineEntry(
        source, "cut", "", null, in, in + length, record, record + length, 0, 0, "", List.of());
  }

  /** A hole on the timeline, and a cut without sound between others with. */
  @Test
  void timeline_withHoles_isReadBackFromEveryFormat() throws Exception {
    Timeline timeline =
        new Timeline(
            "Holes",
            HOUR,
            List.of(source("LOUD", 2), source("MUTE")),
            List.of(
                entry(0, 10, 5, 100),
                entry(1, 20, 105, 100),
                entry(0, 300, 205, 50),
                entry(0, 400, 300, 50)));
    List<CutPoint> all = new ArrayList<>();
    for (TimelineEntry entry : timeline.entries()) {
      all.add(CutPoint.of(timeline, entry, timeline.sourceOf(entry).name()));
    }
    List<CutPoint> loud = all.stream().filter(cut -> cut.source().equals("loud")).toList();

    byte[] otio = TimelineFormat.OTIO.write(timeline).get(0).content();
    assertThat(OtioReader.read(otio, "Video")).isEqualTo(all);
    assertThat(OtioReader.read(otio, "Audio")).isEqualTo(loud);
    assertThat(new FcpxmlReader(TimelineFormat.FCPXML.write(timeline).get(0).content()).read())
        .isEqualTo(all);
    assertThat(new XmemlReader(TimelineFormat.XMEML.write(timeline).get(0).content()).read())
        .containsExactly(all, loud, loud);
    assertThat(new EdlReader(30, true).read(TimelineFormat.EDL.write(timeline).get(0).content()))
        .extracting(CutPoint::recordIn, CutPoint::recordOut)
        .containsExactlyElementsOf(
            all.stream()
                .map(cut -> org.assertj.core.groups.Tuple.tuple(cut.recordIn(), cut.recordOut()))
                .toList());
  }

  @Test
  void timeline_thatContradictsItself_isRefused() {
    List<TimelineSource> sources = List.of(source("A"));
    assertThatThrownBy(() -> new Timeline("t", HOUR, sources, List.of()))
        .hasMessage("A timeline has at least one cut");
    assertThatThrownBy(
            () -> new Timeline("t", HOUR, sources, List.of(entry(0, 0, 0, 9), entry(0, 0, 8, 9))))
        .hasMessage("The cut cut begins before the last ends");
    assertThatThrownBy(() -> new Timeline("t", HOUR, sources, List.of(entry(0, 990, 0, 11))))
        .hasMessage("The cut cut reaches beyond its source, which has 1000 frames");
    assertThatThrownBy(
            () ->
                new Timeline(
                    "t", HOUR, List.of(source("A"), source("A")), List.of(entry(0, 0, 0, 9))))
        .hasMessage("Two sources have the reel name A");
    assertThatThrownBy(() -> source("AX"))
        .hasMessage("A reel is named by one to eight of A-Z and 0-9, not 'AX'");
    assertThatThrownBy(() -> entry(0, 5, 0, 0)).hasMessage("The cut cut must end after it begins");
  }

  @Test
  void xmeml_ofMoreThanItCanHold_isRefusedWithWhatCan() {
    List<TimelineEntry> entries = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      entries.add(entry(0, 0, i * 10L, 10));
    }
    Timeline many = new Timeline("t", HOUR, List.of(source("A", 8, 8)), entries);
    Timeline odd =
        new Timeline(
            "t",
            new Timecode(0, new Rational(25, 2), false),
            List.of(source("A")),
            List.of(entry(0, 0, 0, 10)));

    assertThatThrownBy(() -> TimelineFormat.XMEML.write(many))
        .isInstanceOf(TimelineException.class)
        .hasMessageStartingWith("Premiere's XML of 10000 cuts would be larger than 64 MB;");
    assertThatThrownBy(() -> TimelineFormat.XMEML.write(odd))
        .isInstanceOf(TimelineException.class)
        .hasMessageContaining("not by 25/2; the formats otio, fcpxml and json can.");
  }
}
