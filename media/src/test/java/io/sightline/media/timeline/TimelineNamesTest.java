package io.sightline.media.timeline;

import static io.sightline.media.timeline.Timelines.R25;
import static io.sightline.media.timeline.Timelines.clip;
import static io.sightline.media.timeline.Timelines.form;
import static io.sightline.media.timeline.Timelines.micros;
import static io.sightline.media.timeline.Timelines.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names come from people, files and cameras; none of them may break a format. */
class TimelineNamesTest {

  private static final long START = micros("2026-03-01T14:00:00Z");

  /** What was said, and what of it can stand on one line of a list and in XML. */
  private static final Map<String, String> NAMES =
      Map.of(
          "plain \"quotes\" & <tags> 'n' ]]>", "plain \"quotes\" & <tags> 'n' ]]>",
          "line\r\nbreak\u0085and\u2028more\ttabs", "line break and more tabs",
          "\u0000nul \u0001\u001B[31m\u007F\uFFFE\uFFFFdel", "nul [31m del",
          "goal \uD83E\uDD45\uD83C\uDFFF \uD83D\uDC68\u200D\uD83D\uDC67",
              "goal \uD83E\uDD45\uD83C\uDFFF \uD83D\uDC68\u200D\uD83D\uDC67",
          "half \uD83E pair \uDD45", "half pair",
          "\u202Egnp.exe\u202C", "gnp.exe",
          "=HYPERLINK(\"http://x\";\"y\")", "=HYPERLINK(\"http://x\";\"y\")",
          "* FROM CLIP NAME: other\n002  AX V C", "* FROM CLIP NAME: other 002 AX V C",
          "a=b;c#d\\e", "a=b;c#d\\e",
          "Z\u00FCrich --> Gen\u00E8ve", "Z\u00FCrich --> Gen\u00E8ve");

  private static List<TimelineShot> shots() {
    List<TimelineShot> shots = new ArrayList<>();
    for (String name : NAMES.keySet().stream().sorted().toList()) {
      long in = START + shots.size() * 20_000_000L;
      shots.add(
          new TimelineShot(
              "cam",
              null,
              name,
              name,
              in,
              in + 12_000_000,
              List.of(),
              new TimelineShot.Media(
                  name, "clips/a.mp4", in, in + 12_000_000, 12_000_000, form(R25, 2))));
    }
    return shots;
  }

  private static List<String> cleaned() {
    return NAMES.keySet().stream().sorted().map(NAMES::get).toList();
  }

  private static Timeline timeline() throws Exception {
    return TimelineBuilder.ofClips("a\u0000b\n\"<&>\uD83E\uDD45", shots(), options());
  }

  @Test
  void names_thatAreHostile_areOneLineInTheModel() throws Exception {
    assertThat(timeline().title()).isEqualTo("a b \"<&>\uD83E\uDD45");
    assertThat(timeline().entries())
        .extracting(TimelineEntry::label)
        .containsExactlyElementsOf(cleaned());
  }

  @Test
  void names_thatAreHostile_areReadBackFromXmlAndJson() throws Exception {
    Timeline timeline = timeline();

    assertThat(new FcpxmlReader(bytes(TimelineFormat.FCPXML, timeline)).read())
        .extracting(CutPoint::source)
        .containsExactlyElementsOf(cleaned());
    assertThat(new XmemlReader(bytes(TimelineFormat.XMEML, timeline)).read().get(0))
        .extracting(CutPoint::source)
        .containsExactlyElementsOf(cleaned());
    assertThat(OtioReader.read(bytes(TimelineFormat.OTIO, timeline), "Video"))
        .extracting(CutPoint::source)
        .containsExactlyElementsOf(cleaned());
    JsonNode json = new ObjectMapper().readTree(bytes(TimelineFormat.JSON, timeline));
    assertThat(json.get("entries"))
        .extracting(entry -> entry.get("label").asText())
        .containsExactlyElementsOf(cleaned());
  }

  @Test
  void edl_withHostileNames_hasOneEventForEachCutAndLegalReels() throws Exception {
    EdlReader reader = new EdlReader(25, false);

    assertThat(reader.read(bytes(TimelineFormat.EDL, timeline()))).hasSize(NAMES.size());
    assertThat(reader.reels())
        .hasSize(NAMES.size())
        .allMatch(reel -> reel.matches("[A-Z0-9]{1,8}"));
  }

  @Test
  void csv_withFormulas_holdsThemAsText() throws Exception {
    List<String> labels = new ArrayList<>();
    try (MappingIterator<Map<String, String>> rows =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(bytes(TimelineFormat.CSV, timeline()))) {
      rows.forEachRemaining(row -> labels.add(row.get("label")));
    }

    assertThat(labels)
        .containsExactlyElementsOf(
            cleaned().stream().map(name -> name.startsWith("=") ? "'" + name : name).toList());
  }

  @Test
  void chapters_withHostileNames_keepToTheirLines() throws Exception {
    String vtt = text(TimelineFormat.WEBVTT, timeline());
    assertThat(vtt.lines().filter(line -> line.contains("-->"))).hasSize(NAMES.size());
    assertThat(vtt).contains("Z\u00FCrich --&gt; Gen\u00E8ve").doesNotContain("<tags>");
    String ffmetadata = text(TimelineFormat.FFMETADATA, timeline());
    assertThat(ffmetadata)
        .startsWith(";FFMETADATA1\ntitle=a b \"<&>")
        .contains("\ntitle=a\\=b\\;c\\#d\\\\e\n");
    String youtube = text(TimelineFormat.YOUTUBE, timeline());
    assertThat(youtube).startsWith("0:00 ").doesNotContain("<").doesNotContain(">");
    assertThat(youtube.lines())
        .hasSize(NAMES.size())
        .allMatch(line -> line.matches("\\d+:\\d\\d .+"));
  }

  @ParameterizedTest
  @EnumSource(TimelineFormat.class)
  void file_ofAnyFormat_hasASafeNameAndNoControls(TimelineFormat format) throws Exception {
    for (TimelineFile file : format.write(timeline())) {
      assertThat(file.name()).matches("[a-z0-9-]+\\.[a-z.]+");
      assertThat(new String(file.content(), StandardCharsets.UTF_8).chars())
          .noneMatch(c -> c < ' ' && c != '\n' && c != '\r');
    }
  }

  @Test
  void youtube_ofShortCuts_joinsThemToTenSecondsAndLeavesTheTooFew() throws Exception {
    List<TimelineShot> shots = new ArrayList<>();
    long at = START;
    int[] seconds = {4, 7, 30, 3_600, 12, 9};
    for (int i = 0; i < seconds.length; i++) {
      shots.add(clip("cam", "cut " + i, i + ".mp4", at, at + seconds[i] * 1_000_000L, form(R25)));
      at += 5_000_000_000L;
    }

    assertThat(text(TimelineFormat.YOUTUBE, TimelineBuilder.ofClips("t", shots, options())))
        .isEqualTo("0:00 cut 0, cut 1\n0:11 cut 2\n0:41 cut 3\n1:00:41 cut 4, cut 5\n");
    Timeline two = TimelineBuilder.ofClips("t", shots.subList(0, 3), options());
    assertThatThrownBy(() -> TimelineFormat.YOUTUBE.write(two))
        .isInstanceOf(TimelineException.class)
        .hasMessage(
            "YouTube shows chapters when there are 3 or more of at least 10 s; this timeline has"
                + " 2. The format webvtt has no such limit.");
  }

  @Test
  void formats_thatDoNotExist_areRefusedWithTheListOfThose() {
    assertThat(TimelineFormat.parse("edl, otio,edl"))
        .containsExactly(TimelineFormat.EDL, TimelineFormat.OTIO);
    assertThatThrownBy(() -> TimelineFormat.parse("edl,aaf"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "There is no timeline format 'aaf'; there are edl, otio, fcpxml, xmeml, json, csv,"
                + " webvtt, ffmetadata, youtube");
  }

  @Test
  void reels_ofLikeNames_areLegalAndNoTwoAlike() {
    ReelNames reels = new ReelNames();

    assertThat(List.of("bl", "court-1-north", "court-1-south", "COURT1NO", "", "\u7403", "AX"))
        .extracting(reels::next)
        .containsExactly("BL2", "COURT1NO", "COURT1SO", "COURT1N2", "REEL", "REEL2", "AX2");
    assertThat(ReelNames.isLegal("NINECHARS")).isFalse();
  }

  private static byte[] bytes(TimelineFormat format, Timeline timeline) throws Exception {
    return format.write(timeline).get(0).content();
  }

  private static String text(TimelineFormat format, Timeline timeline) throws Exception {
    return new String(bytes(format, timeline), StandardCharsets.UTF_8);
  }
}
