package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.BoxWriter;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sample tables of one track of a progressive MP4 file (ISO/IEC 14496-12, section 8.6), while
 * they are collected and written. Not thread-safe.
 */
final class Mp4Track {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final Rational MILLIS = new Rational(1, 1_000);
  private static final long LARGEST_U32 = 0xffffffffL;

  /** Samples that lie together in the file. */
  private record Together(long offset, int samples, int entry) {}

  private final int number;
  private final TrackInfo lead;
  private final List<Integer> configurations = new ArrayList<>();
  private final List<InitSegment> inits = new ArrayList<>();
  private final List<FragmentSample> samples = new ArrayList<>();
  private final List<Together> chunks = new ArrayList<>();

  Mp4Track(int number, TrackInfo lead) {
    this.number = number;
    this.lead = lead;
  }

  /**
   * @param configuration names the init part among those of the clip
   * @param offset of the samples' bytes, from the first byte of media
   */
  void add(
      int configuration,
      TrackInfo recorded,
      ByteSource bytes,
      List<FragmentSample> added,
      long offset)
      throws MediaException, IOException {
    int entry = configurations.indexOf(configuration);
    if (entry < 0) {
      configurations.add(configuration);
      inits.add(InitSegment.read(bytes.read(recorded.initKey(), 0, -1)));
      entry = inits.size() - 1;
    }
    samples.addAll(added);
    chunks.add(new Together(offset, added.size(), entry));
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /** From the clip's beginning to the end of this track. */
  long durationMillis(long waitMicros) {
    FragmentSample last = samples.get(samples.size() - 1);
    return Rational.rescale(
        last.decodeTicks() + last.durationTicks() - wait(waitMicros, isVideo()), unit(), MILLIS);
  }

  /**
   * Writes the {@code trak}.
   *
   * @param waitMicros the clip's delay: its zero on the timeline of the samples
   * @param firstOffset where the media begins in the file
   * @param wide whether offsets need 64 bits
   */
  void write(BoxWriter out, long waitMicros, long firstOffset, boolean wide) {
    InitSegment init = inits.get(0).withTimescale(lead.timescale());
    long duration = 0;
    for (int index = 0; index < samples.size(); index++) {
      duration += duration(index);
    }
    long late = samples.get(0).decodeTicks() - wait(waitMicros, isVideo());
    out.begin("trak");
    init.trackHeader(out, number, durationMillis(waitMicros));
    long lateMillis = late > 0 ? Rational.rescale(late, unit(), MILLIS) : 0;
    long delay = wait(waitMicros, false);
    long shift = isVideo() ? shift(delay) : 0;
    if (lateMillis > 0 || shift > 0) {
      edits(out, lateMillis, shift, Rational.rescale(duration, unit(), MILLIS));
    }
    out.begin("mdia");
    init.mediaHeader(out, duration);
    out.begin("minf");
    init.mediaInformation(out);
    out.begin("stbl");
    out.begin("stsd", 0, 0).u32(inits.size());
    inits.forEach(entry -> out.bytes(entry.sampleEntry()));
    out.end();
    times(out);
    if (isVideo()) {
      compositions(out, delay - shift);
      syncs(out);
    }
    sizes(out);
    places(out, firstOffset, wide);
    out.end().end().end().end();
  }

  private boolean isVideo() {
    return lead.kind() == TrackInfo.Kind.VIDEO;
  }

  private Rational unit() {
    return new Rational(1, lead.timescale());
  }

  /** Pictures are decoded from zero on, sound is heard one delay later on the same timeline. */
  private long wait(long waitMicros, boolean none) {
    return none ? 0 : Rational.rescale(waitMicros, MICROS, unit());
  }

  /** Up to the next sample, so that decode times stay true across joins and holes. */
  private long duration(int index) {
    FragmentSample sample = samples.get(index);
    long duration =
        index + 1 < samples.size()
            ? samples.get(index + 1).decodeTicks() - sample.decodeTicks()
            : sample.durationTicks();
    return Math.max(0, Math.min(duration, LARGEST_U32));
  }

  /**
   * @param lateMillis by how much the track begins later than the clip: an empty edit
   * @param shift media time of its beginning
   */
  private static void edits(BoxWriter out, long lateMillis, long shift, long durationMillis) {
    out.begin("edts").begin("elst", 1, 0).u32(lateMillis > 0 ? 2 : 1);
    if (lateMillis > 0) {
      out.u64(lateMillis).u64(-1).u32(0x10000);
    }
    out.u64(durationMillis).u64(shift).u32(0x10000);
    out.end().end();
  }

  /**
   * By how much pictures must be presented later so that none is before it is decoded, with an edit
   * that takes it off again; 0 where negative offsets do without. FFmpeg learns how negative they
   * become from all runs of equal ones but the last two: a lowest one that stands only there is
   * misread as a wrong time.
   */
  private long shift(long delay) {
    long lowest = 0;
    long learned = 0;
    long run = 0;
    long before = 0;
    for (int index = 0; index < samples.size(); index++) {
      long offset = samples.get(index).compositionTicks() - delay;
      if (index > 0 && offset != run) {
        learned = Math.min(learned, before);
        before = run;
      }
      run = offset;
      lowest = Math.min(lowest, offset);
    }
    return lowest < learned ? -lowest : 0;
  }

  private void times(BoxWriter out) {
    out.begin("stts", 0, 0);
    runs(out, samples.size(), this::duration);
  }

  /** Version 1: with the delay taken off, the first picture is shown at zero or its edit. */
  private void compositions(BoxWriter out, long delay) {
    boolean needed = samples.stream().anyMatch(sample -> sample.compositionTicks() - delay != 0);
    if (needed) {
      out.begin("ctts", 1, 0);
      runs(out, samples.size(), index -> samples.get(index).compositionTicks() - delay);
    }
  }

  private interface Value {
    long at(int index);
  }

  private static void runs(BoxWriter out, int count, Value value) {
    int countAt = out.length();
    out.u32(0);
    int runs = 0;
    for (int index = 0; index < count; ) {
      long current = value.at(index);
      int length = 1;
      while (index + length < count && value.at(index + length) == current) {
        length++;
      }
      out.u32(length).u32(current);
      runs++;
      index += length;
    }
    out.setU32(countAt, runs);
    out.end();
  }

  private void syncs(BoxWriter out) {
    if (samples.stream().allMatch(FragmentSample::sync)) {
      return;
    }
    out.begin("stss", 0, 0);
    out.u32(samples.stream().filter(FragmentSample::sync).count());
    for (int index = 0; index < samples.size(); index++) {
      if (samples.get(index).sync()) {
        out.u32(index + 1);
      }
    }
    out.end();
  }

  private void sizes(BoxWriter out) {
    out.begin("stsz", 0, 0).u32(0).u32(samples.size());
    samples.forEach(sample -> out.u32(sample.size()));
    out.end();
  }

  private void places(BoxWriter out, long firstOffset, boolean wide) {
    out.begin("stsc", 0, 0);
    int countAt = out.length();
    out.u32(0);
    int runs = 0;
    for (int index = 0; index < chunks.size(); index++) {
      Together chunk = chunks.get(index);
      Together before = index == 0 ? null : chunks.get(index - 1);
      if (before == null || before.samples != chunk.samples || before.entry != chunk.entry) {
        out.u32(index + 1).u32(chunk.samples).u32(chunk.entry + 1);
        runs++;
      }
    }
    out.setU32(countAt, runs);
    out.end();
    out.begin(wide ? "co64" : "stco", 0, 0).u32(chunks.size());
    for (Together chunk : chunks) {
      if (wide) {
        out.u64(firstOffset + chunk.offset);
      } else {
        out.u32(firstOffset + chunk.offset);
      }
    }
    out.end();
  }
}
