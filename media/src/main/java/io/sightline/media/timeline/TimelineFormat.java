package io.sightline.media.timeline;

import io.sightline.records.Ids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats of a timeline. Each writes UTF-8, and the same timeline always as the same bytes. */
public enum TimelineFormat {
  /** CMX 3600 edit decision list; of more than 999 cuts, one file for each 999. */
  EDL("edl", ".edl", "text/plain;charset=utf-8", new EdlFormat()),
  /** OpenTimelineIO, as its schema serializes to JSON. */
  OTIO("otio", ".otio", "application/vnd.pixar.opentimelineio+json", new OtioFormat()),
  /** Final Cut Pro XML 1.9. */
  FCPXML("fcpxml", ".fcpxml", "application/xml", new FcpxmlFormat()),
  /** Final Cut Pro 7 XML Interchange Format, version 5: what Premiere Pro reads. */
  XMEML("xmeml", ".xml", "application/xml", new XmemlFormat()),
  /** Sightline's own. */
  JSON("json", ".json", "application/json", new JsonFormat()),
  /** A table, RFC 4180. */
  CSV("csv", ".csv", "text/csv;charset=utf-8;header=present", new CsvFormat()),
  /** Chapters as WebVTT. */
  WEBVTT("webvtt", ".vtt", "text/vtt;charset=utf-8", new WebVttFormat()),
  /** Chapters as FFmpeg's metadata file. */
  FFMETADATA("ffmetadata", ".ffmetadata", "text/plain;charset=utf-8", new FfmetadataFormat()),
  /** Chapters as lines for a YouTube description. */
  YOUTUBE("youtube", ".youtube.txt", "text/plain;charset=utf-8", new YoutubeFormat());

  /** Writes one format: one or more files' contents, in order. */
  interface Form {
    /**
     * @throws TimelineException FORMAT when the format cannot hold the timeline
     */
    List<byte[]> write(Timeline timeline) throws TimelineException;
  }

  private final String id;
  private final String extension;
  private final String mediaType;
  private final Form form;

  TimelineFormat(String id, String extension, String mediaType, Form form) {
    this.id = id;
    this.extension = extension;
    this.mediaType = mediaType;
    this.form = form;
  }

  /** What users call it. */
  public String id() {
    return id;
  }

  /**
   * Reads names with commas.
   *
   * @throws IllegalArgumentException when one is no format, saying which there are
   */
  public static List<TimelineFormat> parse(String names) {
    List<TimelineFormat> formats = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      TimelineFormat format = one(name.strip());
      if (!formats.contains(format)) {
        formats.add(format);
      }
    }
    return formats;
  }

  /**
   * Writes a timeline, under names that derive from its title.
   *
   * @throws TimelineException FORMAT when the format cannot hold the timeline
   */
  public List<TimelineFile> write(Timeline timeline) throws TimelineException {
    return write(timeline, Ids.nameFrom(timeline.title()));
  }

  /**
   * Writes a timeline as {@code name.edl}, or {@code name-01.edl} and so on where one file cannot
   * hold it all.
   *
   * @throws TimelineException FORMAT when the format cannot hold the timeline
   */
  public List<TimelineFile> write(Timeline timeline, String name) throws TimelineException {
    List<byte[]> contents = form.write(timeline);
    List<TimelineFile> files = new ArrayList<>();
    for (byte[] content : contents) {
      String number =
          contents.size() == 1 ? "" : String.format(Locale.ROOT, "-%02d", files.size() + 1);
      files.add(new TimelineFile(name + number + extension, mediaType, content));
    }
    return files;
  }

  private static TimelineFormat one(String name) {
    return Arrays.stream(values())
        .filter(format -> format.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no timeline format '"
                        + PlainText.line(name, 40)
                        + "'; there are "
                        + Arrays.stream(values())
                            .map(TimelineFormat::id)
                            .collect(Collectors.joining(", "))));
  }
}
