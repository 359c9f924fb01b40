package io.sightline.launcher.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.sightline.records.Evidence;
import io.sightline.records.Json;
import io.sightline.records.OptimizedTrack;
import io.sightline.records.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code segments.json}: seconds from the file's start, no wall-clock time, the same bytes for the
 * same input.
 */
final class SegmentsFile {

  private static final ObjectWriter WRITER =
      Json.MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private SegmentsFile() {}

  /** The whole file. */
  record Content(List<Entry> segments) {}

  /**
   * One segment.
   *
   * @param end absent while it is open
   * @param clip path of its MP4 in the folder; absent when there is none
   * @param optimized its marks for each sound track; absent without an optimizer
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      double start,
      Double end,
      String label,
      Map<String, Object> features,
      Why why,
      String clip,
      List<Marks> optimized) {}

  /**
   * Marks for one sound track.
   *
   * @param clip path of the MP4 with these marks; absent where they are the segment's own
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Marks(
      int audioTrack,
      double start,
      double end,
      String startMove,
      String startWhy,
      String endMove,
      String endWhy,
      String clip) {}

  /** Which detections opened and closed it. */
  record Why(List<Sighting> opened, List<Sighting> closed, String closedBy) {}

  /** A detection; {@code at} in seconds from the file's start. */
  record Sighting(double at, String analyzer, String label, double confidence) {}

  static byte[] bytes(List<Entry> entries) throws IOException {
    byte[] json = WRITER.writeValueAsBytes(new Content(entries));
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /**
   * @param zeroMicros position of the file's start
   * @param clip path of its clip in the folder, or null
   * @param optimized paths of its clips for single sound tracks, by track
   */
  static Entry entry(
      Segment segment, long zeroMicros, String clip, Map<Integer, String> optimized) {
    Long end = segment.endMicros();
    return new Entry(
        seconds(segment.startMicros() - zeroMicros),
        end == null ? null : seconds(end - zeroMicros),
        segment.label(),
        segment.features().isEmpty() ? null : segment.features(),
        why(segment.why(), zeroMicros),
        clip,
        segment.optimized() == null
            ? null
            : segment.optimized().tracks().stream()
                .map(marks -> marks(marks, zeroMicros, optimized.get(marks.audioTrack())))
                .toList());
  }

  private static Marks marks(OptimizedTrack marks, long zeroMicros, String clip) {
    return new Marks(
        marks.audioTrack(),
        seconds(marks.startMicros() - zeroMicros),
        seconds(marks.endMicros() - zeroMicros),
        marks.start().id(),
        marks.startWhy(),
        marks.end().id(),
        marks.endWhy(),
        clip);
  }

  /** Seconds, to the millisecond. */
  static double seconds(long micros) {
    return Math.round(micros / 1_000.0) / 1_000.0;
  }

  private static Why why(Evidence evidence, long zeroMicros) {
    return evidence == null
        ? null
        : new Why(
            sightings(evidence.opened(), zeroMicros),
            sightings(evidence.closed(), zeroMicros),
            evidence.closedBy());
  }

  private static List<Sighting> sightings(List<Evidence.Sighting> sightings, long zeroMicros) {
    List<Sighting> relative = new ArrayList<>();
    for (Evidence.Sighting sighting : sightings) {
      relative.add(
          new Sighting(
              seconds(sighting.positionMicros() - zeroMicros),
              sighting.analyzer(),
              sighting.label(),
              sighting.confidence()));
    }
    return relative;
  }
}
