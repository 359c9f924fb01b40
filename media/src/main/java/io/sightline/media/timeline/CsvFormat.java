package io.sightline.media.timeline;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A table with a line for each cut (RFC 4180, CRLF). A text that a spreadsheet would take for a
 * formula gets an apostrophe before it: labels come from outside.
 */
final class CsvFormat implements TimelineFormat.Form {

  private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

  private static final CsvSchema SCHEMA =
      CsvSchema.builder()
          .addNumberColumn("number")
          .addColumn("name")
          .addColumn("label")
          .addColumn("recordIn")
          .addColumn("recordOut")
          .addColumn("sourceIn")
          .addColumn("sourceOut")
          .addNumberColumn("frames")
          .addColumn("rate")
          .addColumn("source")
          .addColumn("reel")
          .addColumn("url")
          .addNumberColumn("recordInFrame")
          .addNumberColumn("recordOutFrame")
          .addNumberColumn("sourceInFrame")
          .addNumberColumn("sourceOutFrame")
          .addNumberColumn("handleInFrames")
          .addNumberColumn("handleOutFrames")
          .addColumn("segment")
          .addColumn("why")
          .setUseHeader(true)
          .setLineSeparator("\r\n")
          .build();

  private static final CsvMapper MAPPER = new CsvMapper(new CsvFactory());

  @Override
  public List<byte[]> write(Timeline timeline) {
    StringWriter table = new StringWriter();
    try (JsonGenerator rows = MAPPER.writer(SCHEMA).createGenerator(table)) {
      for (int i = 0; i < timeline.entries().size(); i++) {
        row(rows, timeline, i + 1, timeline.entries().get(i));
      }
    } catch (IOException e) {
      throw new IllegalStateException("A table in memory cannot be written", e);
    }
    return List.of(table.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void row(JsonGenerator rows, Timeline timeline, int number, TimelineEntry entry)
      throws IOException {
    TimelineSource source = timeline.sourceOf(entry);
    rows.writeStartObject();
    rows.writeNumberField("number", number);
    text(rows, "name", entry.name());
    text(rows, "label", entry.label());
    text(rows, "recordIn", timeline.timecode(entry.recordIn()).toString());
    text(rows, "recordOut", timeline.timecode(entry.recordOut()).toString());
    text(rows, "sourceIn", source.timecode(entry.sourceIn()).toString());
    text(rows, "sourceOut", source.timecode(entry.sourceOut()).toString());
    rows.writeNumberField("frames", entry.recordFrames());
    text(rows, "rate", timeline.rate().toString());
    text(rows, "source", source.name());
    text(rows, "reel", source.reel());
    text(rows, "url", source.url());
    rows.writeNumberField("recordInFrame", entry.recordIn());
    rows.writeNumberField("recordOutFrame", entry.recordOut());
    rows.writeNumberField("sourceInFrame", entry.sourceIn());
    rows.writeNumberField("sourceOutFrame", entry.sourceOut());
    rows.writeNumberField("handleInFrames", entry.handleIn());
    rows.writeNumberField("handleOutFrames", entry.handleOut());
    text(rows, "segment", entry.segment());
    text(rows, "why", entry.why());
    rows.writeEndObject();
  }

  private static void text(JsonGenerator rows, String column, String value) throws IOException {
    String text = value == null ? "" : value;
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    rows.writeStringField(column, formula ? "'" + text : text);
  }
}
