package io.sightline.media.timeline;

import io.sightline.records.Rational;
import io.sightline.records.Timecode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Final Cut Pro XML 1.9, the first in which an asset names its file as it does to this day: formats
 * and assets, then one spine. Times are fractions of a second, each a whole number of frames.
 */
final class FcpxmlFormat implements TimelineFormat.Form {

  private static final String VERSION = "1.9";

  /** What a clip of another rate than the sequence's says of itself. */
  private static final Map<Rational, String> CONFORMED_RATES =
      Map.ofEntries(
          Map.entry(new Rational(24_000, 1001), "23.98"),
          Map.entry(new Rational(24, 1), "24"),
          Map.entry(new Rational(25, 1), "25"),
          Map.entry(new Rational(30_000, 1001), "29.97"),
          Map.entry(new Rational(30, 1), "30"),
          Map.entry(new Rational(48_000, 1001), "47.95"),
          Map.entry(new Rational(48, 1), "48"),
          Map.entry(new Rational(50, 1), "50"),
          Map.entry(new Rational(60_000, 1001), "59.94"),
          Map.entry(new Rational(60, 1), "60"));

  private static final Map<Integer, String> SEQUENCE_AUDIO_RATES =
      Map.of(32_000, "32k", 44_100, "44.1k", 48_000, "48k", 88_200, "88.2k", 96_000, "96k");

  @Override
  public List<byte[]> write(Timeline timeline) {
    return List.of(new Document(timeline).bytes());
  }

  /** What makes one picture format. */
  private record PictureFormat(Rational rate, int width, int height) {}

  /** One document while it is written. */
  private static final class Document {

    private final Timeline timeline;
    private final XmlText xml = new XmlText("fcpxml");
    private final Map<PictureFormat, String> formats = new LinkedHashMap<>();
    private final PictureFormat sequence;

    Document(Timeline timeline) {
      this.timeline = timeline;
      TimelineSource first = timeline.sourceOf(timeline.entries().get(0));
      this.sequence = new PictureFormat(timeline.rate(), first.width(), first.height());
      formats.put(sequence, "r1");
      for (TimelineSource source : timeline.sources()) {
        formats.computeIfAbsent(formatOf(source), format -> "r" + (formats.size() + 1));
      }
    }

    byte[] bytes() {
      xml.open("fcpxml", "version", VERSION);
      xml.open("resources");
      formats.forEach(this::format);
      for (int i = 0; i < timeline.sources().size(); i++) {
        asset(i, timeline.sources().get(i));
      }
      xml.close();
      xml.open("library");
      xml.open("event", "name", timeline.title());
      xml.open("project", "name", timeline.title());
      sequence();
      xml.close().close().close().close();
      return xml.bytes();
    }

    private void format(PictureFormat format, String id) {
      boolean sized = format.width() > 0 && format.height() > 0;
      xml.empty(
          "format",
          "id",
          id,
          "frameDuration",
          time(1, format.rate()),
          "width",
          sized ? format.width() : null,
          "height",
          sized ? format.height() : null);
    }

    private void asset(int index, TimelineSource source) {
      boolean sound = source.channels() > 0;
      xml.open(
          "asset",
          "id",
          "a" + (index + 1),
          "name",
          source.name(),
          "start",
          time(source.start().frame(), source.rate()),
          "duration",
          time(source.lengthFrames(), source.rate()),
          "hasVideo",
          1,
          "format",
          formats.get(formatOf(source)),
          "hasAudio",
          sound ? 1 : null,
          "audioSources",
          sound ? source.audioChannels().size() : null,
          "audioChannels",
          sound ? source.audioChannels().get(0) : null,
          "audioRate",
          sound ? source.sampleRate() : null);
      // The format wants a file, and an editor asks for one that it does not find.
      String url = source.url() != null ? source.url() : "./" + source.reel() + ".mov";
      xml.empty("media-rep", "kind", "original-media", "src", url);
      xml.close();
    }

    private void sequence() {
      TimelineSource first = timeline.sourceOf(timeline.entries().get(0));
      xml.open(
          "sequence",
          "format",
          formats.get(sequence),
          "duration",
          time(timeline.lengthFrames(), timeline.rate()),
          "tcStart",
          time(timeline.start().frame(), timeline.rate()),
          "tcFormat",
          tcFormat(timeline.start()),
          "audioLayout",
          layout(first),
          "audioRate",
          SEQUENCE_AUDIO_RATES.get(first.sampleRate()));
      xml.open("spine");
      long end = 0;
      for (TimelineEntry entry : timeline.entries()) {
        if (entry.recordIn() > end) {
          xml.empty(
              "gap",
              "name",
              "Gap",
              "offset",
              recordTime(end),
              "duration",
              time(entry.recordIn() - end, timeline.rate()));
        }
        clip(entry);
        end = entry.recordOut();
      }
      xml.close().close();
    }

    private void clip(TimelineEntry entry) {
      TimelineSource source = timeline.sourceOf(entry);
      xml.open(
          "asset-clip",
          "ref",
          "a" + (entry.source() + 1),
          "offset",
          recordTime(entry.recordIn()),
          "name",
          entry.name(),
          "start",
          sourceTime(source, entry.sourceIn()),
          "duration",
          time(entry.recordFrames(), timeline.rate()),
          "format",
          formats.get(formatOf(source)),
          "tcFormat",
          tcFormat(source.start()),
          "audioRole",
          source.channels() > 0 ? "dialogue" : null);
      String note = note(entry);
      if (!note.isEmpty()) {
        xml.leaf("note", note);
      }
      String conformed = CONFORMED_RATES.get(source.rate());
      if (!source.rate().equals(timeline.rate()) && conformed != null) {
        xml.empty("conform-rate", "scaleEnabled", 0, "srcFrameRate", conformed);
      }
      for (TimelineMarker marker : entry.markers()) {
        xml.empty(
            "marker",
            "start",
            sourceTime(source, marker.frame()),
            "duration",
            time(1, source.rate()),
            "value",
            marker.name());
      }
      xml.close();
    }

    /** A spine's clock begins at the sequence's timecode. */
    private String recordTime(long frame) {
      return time(timeline.start().frame() + frame, timeline.rate());
    }

    private static String sourceTime(TimelineSource source, long frame) {
      return time(source.start().frame() + frame, source.rate());
    }

    private static PictureFormat formatOf(TimelineSource source) {
      return new PictureFormat(source.rate(), source.width(), source.height());
    }

    private static String note(TimelineEntry entry) {
      return entry.why().isEmpty() || entry.label().isEmpty()
          ? entry.label() + entry.why()
          : entry.label() + ": " + entry.why();
    }

    private static String tcFormat(Timecode timecode) {
      return timecode.dropFrame() ? "DF" : "NDF";
    }

    private static String layout(TimelineSource source) {
      if (source.channels() == 0) {
        return null;
      }
      int channels = source.audioChannels().get(0);
      return channels == 1 ? "mono" : channels == 2 ? "stereo" : "surround";
    }

    /** In the frame duration's own denominator, as the application itself writes times. */
    private static String time(long frames, Rational rate) {
      long ticks = Math.multiplyExact(frames, rate.denominator());
      return ticks % rate.numerator() == 0
          ? ticks / rate.numerator() + "s"
          : ticks + "/" + rate.numerator() + "s";
    }
  }
}
