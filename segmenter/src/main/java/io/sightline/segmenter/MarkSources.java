package io.sightline.segmenter;

import io.sightline.records.AudioDetections;
import io.sightline.records.EpochInfo;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import io.sightline.records.plugin.Observation;
import io.sightline.records.plugin.Surroundings;
import io.sightline.storage.Query;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads what is around a segment. What was heard is stored before it is published, so all that the
 * segmenter has passed is there; what was heard later than an optimizer asks for is left out, so
 * that it sees the same whenever it is asked.
 */
final class MarkSources {

  /** No chunk is longer. */
  private static final long LONGEST_CHUNK_MICROS = 60 * Positions.MICROS_PER_SECOND;

  /** So much of the segment is heard at each of its ends, too. */
  private static final long INSIDE_MICROS = 2 * Positions.MICROS_PER_SECOND;

  /** To each side; among them are the segments of other classifiers and runs. */
  private static final int SEGMENTS_LOOKED_AT = 100;

  private final Records<Segment> segments;
  private final Records<AudioDetections> sounds;
  private final Records<EpochInfo> epochs;

  MarkSources(RecordStore store) {
    this.segments = Records.of(store, Segment.class);
    this.sounds = Records.of(store, AudioDetections.class);
    this.epochs = Records.of(store, EpochInfo.class);
  }

  Future<Optional<Segment>> segment(String stream, String id) {
    return segments.find(StoreKeys.segments(stream), StoreKeys.sortOf(id));
  }

  /** The segments of the same run and classifier that are near it, without those that are none. */
  Future<List<Segment>> neighbours(Segment segment) {
    String partition = StoreKeys.segments(segment.stream());
    String here = StoreKeys.sortOf(segment.id());
    return segments
        .query(new Query(partition, null, here, SEGMENTS_LOOKED_AT, true))
        .compose(
            before ->
                segments
                    .query(new Query(partition, here, null, SEGMENTS_LOOKED_AT, false))
                    .map(
                        behind -> {
                          List<Segment> all = new ArrayList<>(before.items());
                          all.addAll(behind.items());
                          all.removeIf(other -> !isNeighbour(segment, other));
                          return all;
                        }));
  }

  /**
   * @param segment complete
   */
  Future<Surroundings> around(Segment segment, List<Segment> neighbours, OpenOptimizer optimizer) {
    long start = segment.startMicros();
    long end = segment.endMicros();
    long to = end + optimizer.afterMicros();
    long inside = Math.min(start + INSIDE_MICROS, to);
    return heard(segment, start - optimizer.beforeMicros(), inside)
        .compose(
            first ->
                heard(segment, end - INSIDE_MICROS, to)
                    .compose(
                        last ->
                            recordedFrom(segment)
                                .map(
                                    from -> {
                                      Neighbourhood room =
                                          new Neighbourhood(segment, neighbours, from);
                                      return new Surroundings(
                                          segment,
                                          inOrder(first, last),
                                          room.everywhere(),
                                          room.rooms());
                                    })));
  }

  private static boolean isNeighbour(Segment segment, Segment other) {
    return !other.removed()
        && !other.id().equals(segment.id())
        && other.run().equals(segment.run())
        && other.classifier().equals(segment.classifier());
  }

  /** Of chunks that begin at or before the end. */
  private Future<List<AudioDetections>> heard(Segment segment, long fromMicros, long toMicros) {
    long from = Math.max(0, fromMicros);
    return sounds
        .all(
            StoreKeys.sounds(segment.stream()),
            StoreKeys.sort(Math.max(0, from - LONGEST_CHUNK_MICROS), ""),
            StoreKeys.sort(toMicros + 1, ""))
        .map(
            all ->
                all.stream()
                    .filter(sound -> sound.run().equals(segment.run()))
                    .filter(sound -> sound.epoch().equals(segment.epoch()))
                    // What came late was not heard in order, and what failed says nothing.
                    .filter(sound -> !sound.late() && sound.error() == null)
                    .filter(sound -> sound.positionMicros() + sound.durationMicros() > from)
                    .toList());
  }

  private static List<Observation> inOrder(
      List<AudioDetections> first, List<AudioDetections> last) {
    TreeMap<Long, AudioDetections> byPosition = new TreeMap<>();
    first.forEach(sound -> byPosition.put(sound.positionMicros(), sound));
    last.forEach(sound -> byPosition.put(sound.positionMicros(), sound));
    return byPosition.values().stream()
        .map(sound -> Heard.in(sound, sound.positionMicros()))
        .toList();
  }

  private Future<Long> recordedFrom(Segment segment) {
    return epochs
        .find(StoreKeys.epochs(segment.stream()), segment.epoch())
        .map(epoch -> epoch.map(EpochInfo::startMicros).orElse(0L));
  }
}
