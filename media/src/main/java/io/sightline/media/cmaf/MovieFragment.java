package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A {@code moof} of one track, read or to be written.
 *
 * @param length of the {@code moof} in bytes
 * @param decodeTicks its {@code tfdt}
 * @param samples in decoding order
 */
public record MovieFragment(int length, long decodeTicks, List<FragmentSample> samples) {

  /** The track number in every init part and fragment: each file of ours holds one track. */
  static final int TRACK_ID = 1;

  /** No {@code moof} is larger: it describes a few seconds. */
  public static final int MAX_LENGTH = 4 * 1024 * 1024;

  private static final int MAX_SAMPLES = 200_000;
  private static final int MDAT_HEADER = 8;

  private static final long SYNC_FLAGS = 0x02000000;
  private static final long OTHER_FLAGS = 0x01010000;
  private static final int NON_SYNC_BIT = 0x00010000;

  public MovieFragment {
    samples = List.copyOf(samples);
  }

  /**
   * How long the {@code moof} is whose first bytes these are.
   *
   * @param head at least eight bytes
   * @throws MediaException MALFORMED when no {@code moof} of a sensible size begins here
   */
  public static int lengthOf(byte[] head) throws MediaException {
    if (head.length < 8 || head[4] != 'm' || head[5] != 'o' || head[6] != 'o' || head[7] != 'f') {
      throw Mp4Box.malformed("A fragment should begin here, but no 'moof' does");
    }
    long length = Mp4Box.u32(head, 0);
    if (length < 8 || length > MAX_LENGTH) {
      throw Mp4Box.malformed("A 'moof' of " + length + " bytes is not one of a few seconds");
    }
    return (int) length;
  }

  /**
   * Reads a {@code moof}.
   *
   * @param moof begins with it; may go on behind it
   * @throws MediaException MALFORMED
   */
  public static MovieFragment read(byte[] moof) throws MediaException {
    int length = lengthOf(moof);
    if (length > moof.length) {
      throw Mp4Box.malformed("The 'moof' of " + length + " bytes breaks off at " + moof.length);
    }
    List<Mp4Box> parts = Mp4Box.list(moof, 8, length);
    List<Mp4Box> traf = Mp4Box.first(parts, "traf").children(moof, 0);
    TrackDefaults defaults = TrackDefaults.read(moof, Mp4Box.first(traf, "tfhd"));
    long decode = decodeTime(moof, Mp4Box.first(traf, "tfdt"));
    List<FragmentSample> samples = new ArrayList<>();
    long at = decode;
    long offset = length + MDAT_HEADER;
    for (Mp4Box box : traf) {
      if (box.type().equals("trun")) {
        Run run = new Run(moof, box, defaults, at, offset, samples);
        run.read();
        at = run.decode;
        offset = run.offset;
      }
    }
    return new MovieFragment(length, decode, samples);
  }

  /** When its last sample ends, in decode time. */
  public long endTicks() {
    if (samples.isEmpty()) {
      return decodeTicks;
    }
    FragmentSample last = samples.get(samples.size() - 1);
    return last.decodeTicks() + last.durationTicks();
  }

  /** A copy of {@code moof} with another decode time: eight bytes differ. */
  public static byte[] withDecodeTime(byte[] moof, long decodeTicks) throws MediaException {
    byte[] copy = moof.clone();
    Mp4Box traf = Mp4Box.first(Mp4Box.list(copy, 8, lengthOf(copy)), "traf");
    Mp4Box tfdt = Mp4Box.first(traf.children(copy, 0), "tfdt").atLeast(12);
    if (copy[tfdt.body()] != 1) {
      throw Mp4Box.malformed("The decode time of a fragment of ours has 64 bits");
    }
    for (int index = 0; index < 8; index++) {
      copy[tfdt.body() + 4 + index] = (byte) (decodeTicks >> (56 - 8 * index));
    }
    return copy;
  }

  /**
   * A {@code moof} and the header of the {@code mdat} that must follow; the samples' bytes come
   * next, in order.
   *
   * @param sequence of the fragment, from 1
   * @param decodeTicks of the first sample
   * @param samples whose durations, composition offsets, sizes and kinds are written
   */
  public static byte[] header(int sequence, long decodeTicks, List<FragmentSample> samples) {
    FragmentSample first = samples.get(0);
    boolean sameDuration = true;
    boolean composed = false;
    boolean sameKind = true;
    long size = 0;
    for (FragmentSample sample : samples) {
      sameDuration &= sample.durationTicks() == first.durationTicks();
      composed |= sample.compositionTicks() != 0;
      sameKind &= sample.sync() == first.sync();
      size += sample.size();
    }
    int flags =
        0x201 | (sameDuration ? 0 : 0x100) | (sameKind ? 0 : 0x400) | (composed ? 0x800 : 0);
    boolean negative = samples.stream().anyMatch(sample -> sample.compositionTicks() < 0);

    BoxWriter out = new BoxWriter();
    out.begin("moof").begin("mfhd", 0, 0).u32(sequence).end().begin("traf");
    out.begin("tfhd", 0, 0x020028).u32(TRACK_ID);
    out.u32(first.durationTicks()).u32(flagsOf(first)).end();
    out.begin("tfdt", 1, 0).u64(decodeTicks).end();
    out.begin("trun", negative ? 1 : 0, flags).u32(samples.size());
    int dataOffset = out.length();
    out.u32(0);
    for (FragmentSample sample : samples) {
      if (!sameDuration) {
        out.u32(sample.durationTicks());
      }
      out.u32(sample.size());
      if (!sameKind) {
        out.u32(flagsOf(sample));
      }
      if (composed) {
        out.u32(sample.compositionTicks());
      }
    }
    out.end().end().end();
    out.setU32(dataOffset, out.length() + MDAT_HEADER);
    return out.u32(Math.addExact(size, MDAT_HEADER)).text("mdat").toBytes();
  }

  /**
   * A whole fragment.
   *
   * @param samples described with their times; at least one
   * @param media their bytes, in order
   */
  public static byte[] of(List<FragmentSample> samples, byte[] media) {
    byte[] head = header(1, samples.get(0).decodeTicks(), samples);
    byte[] content = Arrays.copyOf(head, head.length + media.length);
    System.arraycopy(media, 0, content, head.length, media.length);
    return content;
  }

  private static long flagsOf(FragmentSample sample) {
    return sample.sync() ? SYNC_FLAGS : OTHER_FLAGS;
  }

  private static long decodeTime(byte[] data, Mp4Box tfdt) throws MediaException {
    boolean wide = tfdt.atLeast(8).bodyLength() >= 12 && data[tfdt.body()] == 1;
    long time = wide ? Mp4Box.u64(data, tfdt.body() + 4) : Mp4Box.u32(data, tfdt.body() + 4);
    if (time < 0 || time > Long.MAX_VALUE / 4) {
      throw Mp4Box.malformed("A decode time of " + time + " ticks is no time");
    }
    return time;
  }

  /** What holds for samples of which a {@code trun} says nothing. */
  private record TrackDefaults(long duration, long size, long flags) {

    static TrackDefaults read(byte[] data, Mp4Box tfhd) throws MediaException {
      int present = (int) Mp4Box.u32(data, tfhd.atLeast(8).body()) & 0xffffff;
      int at = tfhd.body() + 8;
      at += (present & 0x01) == 0 ? 0 : 8;
      at += (present & 0x02) == 0 ? 0 : 4;
      long[] values = new long[3];
      int[] bits = {0x08, 0x10, 0x20};
      for (int index = 0; index < bits.length; index++) {
        if ((present & bits[index]) != 0) {
          tfhd.atLeast(at + 4 - tfhd.body());
          values[index] = Mp4Box.u32(data, at);
          at += 4;
        }
      }
      return new TrackDefaults(values[0], values[1], values[2]);
    }
  }

  /** One {@code trun}, being read. */
  private static final class Run {

    private final byte[] data;
    private final Mp4Box box;
    private final TrackDefaults defaults;
    private final List<FragmentSample> samples;
    private long decode;
    private long offset;

    Run(
        byte[] data,
        Mp4Box box,
        TrackDefaults defaults,
        long decode,
        long offset,
        List<FragmentSample> samples) {
      this.data = data;
      this.box = box;
      this.defaults = defaults;
      this.decode = decode;
      this.offset = offset;
      this.samples = samples;
    }

    void read() throws MediaException {
      int present = (int) Mp4Box.u32(data, box.atLeast(8).body()) & 0xffffff;
      long count = Mp4Box.u32(data, box.body() + 4);
      int at = box.body() + 8;
      if ((present & 0x01) != 0) {
        box.atLeast(at + 4 - box.body());
        offset = (int) Mp4Box.u32(data, at);
        at += 4;
      }
      long firstFlags = -1;
      if ((present & 0x04) != 0) {
        box.atLeast(at + 4 - box.body());
        firstFlags = Mp4Box.u32(data, at);
        at += 4;
      }
      int width = Integer.bitCount(present & 0xf00) * 4;
      if (count + samples.size() > MAX_SAMPLES || count * width > box.end() - at || offset < 0) {
        throw Mp4Box.malformed("A fragment claims " + count + " samples, more than it describes");
      }
      for (int index = 0; index < count; index++) {
        at = sample(at, present, index == 0 ? firstFlags : -1);
      }
    }

    private int sample(int start, int present, long firstFlags) throws MediaException {
      int at = start;
      long duration = defaults.duration;
      long size = defaults.size;
      long flags = firstFlags < 0 ? defaults.flags : firstFlags;
      long composition = 0;
      if ((present & 0x100) != 0) {
        duration = Mp4Box.u32(data, at);
        at += 4;
      }
      if ((present & 0x200) != 0) {
        size = Mp4Box.u32(data, at);
        at += 4;
      }
      if ((present & 0x400) != 0) {
        flags = Mp4Box.u32(data, at);
        at += 4;
      }
      if ((present & 0x800) != 0) {
        composition = (int) Mp4Box.u32(data, at);
        at += 4;
      }
      if (size > Integer.MAX_VALUE) {
        throw Mp4Box.malformed("A sample of " + size + " bytes is none");
      }
      boolean sync = (flags & NON_SYNC_BIT) == 0;
      samples.add(new FragmentSample(decode, duration, composition, sync, offset, (int) size));
      decode += duration;
      offset += size;
      return at;
    }
  }
}
