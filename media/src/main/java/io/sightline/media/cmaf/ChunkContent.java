package io.sightline.media.cmaf;

import io.sightline.records.EpochAxis;
import io.sightline.records.Fragment;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The object of one chunk while it is put together: fragments track by track. */
final class ChunkContent {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  private final EpochAxis axis;
  private final List<byte[]> parts = new ArrayList<>();
  private final List<Fragment> fragments = new ArrayList<>();
  private long length;
  private TrackRecorder timing;
  private long firstTicks = Long.MAX_VALUE;
  private long lastTicks;

  ChunkContent(EpochAxis axis) {
    this.axis = axis;
  }

  /** Adds one fragment; the first track to be added tells the chunk's position and duration. */
  void add(TrackRecorder track, List<TimedSample> samples, int sequence) {
    long earliest = Long.MAX_VALUE;
    long latest = 0;
    long duration = 0;
    long size = 0;
    List<FragmentSample> described = new ArrayList<>(samples.size());
    for (TimedSample sample : samples) {
      described.add(sample.inFragment());
      earliest = Math.min(earliest, sample.presentationTicks());
      latest = Math.max(latest, sample.presentationTicks());
      duration += sample.durationTicks();
      size += sample.data().length;
    }
    TimedSample first = samples.get(0);
    byte[] header = MovieFragment.header(sequence, first.decodeTicks(), described);
    parts.add(header);
    samples.forEach(sample -> parts.add(sample.data()));
    fragments.add(
        new Fragment(
            track.number(),
            position(track, earliest),
            first.decodeTicks(),
            duration,
            length,
            header.length + size,
            first.independent()));
    length += header.length + size;
    if (timing == null || timing == track) {
      timing = track;
      firstTicks = Math.min(firstTicks, earliest);
      long end = first.decodeTicks() + duration + track.delayTicks();
      lastTicks = Math.max(lastTicks, Math.max(end, latest + 1));
    }
  }

  boolean isEmpty() {
    return fragments.isEmpty();
  }

  WrittenChunk written(List<TrackInfo> tracks) {
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(length));
    parts.forEach(content::put);
    long position = position(timing, firstTicks);
    return new WrittenChunk(
        position, position(timing, lastTicks) - position, content.array(), tracks, fragments);
  }

  private long position(TrackRecorder track, long mediaTicks) {
    return axis.anchorMicros()
        + Rational.rescale(mediaTicks - track.timescale(), track.unit(), MICROS);
  }
}
