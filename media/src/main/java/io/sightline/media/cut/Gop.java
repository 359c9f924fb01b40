package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.cmaf.FragmentSample;
import io.sightline.media.cmaf.MovieFragment;
import io.sightline.media.cmaf.NalUnits;
import io.sightline.media.h264.ClosedGop;
import io.sightline.media.source.Packet;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The pictures from one keyframe to the next, in one fragment or, where it is longer than a chunk,
 * in several. Its bytes are read when they are asked for, and kept. Not thread-safe.
 */
final class Gop {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);
  private static final int FIRST_BYTES = 8 * 1024;
  private static final int H264_SLICE = 1;
  private static final int H264_IDR = 5;
  private static final int H264_SPS = 7;
  private static final int HEVC_VPS = 32;

  private final List<Recorded> parts = new ArrayList<>();
  private List<Picture> pictures;

  /**
   * A coded picture.
   *
   * @param sample as recorded
   * @param part of the GOP that holds it
   * @param data its bytes
   */
  record Picture(FragmentSample sample, int part, ByteBuffer data) {

    long shown() {
      return sample.presentationTicks();
    }

    /** Whether no other picture refers to it (H.264, {@code nal_ref_idc}). */
    boolean unreferenced() throws MediaException {
      for (ByteBuffer unit : NalUnits.ofSample(data, NalUnits.LENGTH_SIZE)) {
        int header = unit.get(unit.position());
        int type = header & 0x1f;
        if (type >= 1 && type <= 5) {
          return (header & 0x60) == 0;
        }
      }
      return false;
    }

    /** Whether it is one of H.264 that lets a decoder forget all before it. */
    boolean isIdr() throws MediaException {
      for (ByteBuffer unit : NalUnits.ofSample(data, NalUnits.LENGTH_SIZE)) {
        if ((unit.get(unit.position()) & 0x1f) == H264_IDR) {
          return true;
        }
      }
      return false;
    }

    private ByteBuffer closed(ClosedGop from) throws MediaException {
      try {
        List<ByteBuffer> units = NalUnits.ofSample(data, NalUnits.LENGTH_SIZE);
        return ByteBuffer.wrap(NalUnits.joined(from.picture(units)));
      } catch (MediaException e) {
        if (e.reason() == MediaException.Reason.MALFORMED) {
          throw new MediaException(
              MediaException.Reason.UNSUPPORTED,
              "its GOPs are open, and their slices are not understood",
              e);
        }
        throw e;
      }
    }

    Packet packet() {
      return Packet.of(
          0, shown(), sample.decodeTicks(), sample.durationTicks(), sample.sync(), data);
    }
  }

  private Gop(Recorded first) {
    parts.add(first);
  }

  /**
   * Groups the fragments of a track: lists of GOPs that follow one another without a hole, with one
   * configuration. Fragments before the first keyframe of a list are left out.
   */
  static List<List<Gop>> runs(List<Recorded> recorded, ByteSource bytes)
      throws MediaException, IOException {
    List<List<Gop>> runs = new ArrayList<>();
    List<Gop> run = null;
    Recorded before = null;
    for (Recorded next : recorded) {
      boolean follows =
          before != null
              && next.continues(before)
              && next.track().initKey().equals(before.track().initKey());
      run = follows ? run : null;
      if (next.fragment().independent() || startsWithKeyframe(next, bytes)) {
        if (run == null) {
          run = new ArrayList<>();
          runs.add(run);
        }
        run.add(new Gop(next));
      } else if (run != null) {
        run.get(run.size() - 1).parts.add(next);
      }
      before = next;
    }
    return runs;
  }

  /**
   * A keyframe whose leading pictures refer to what was before it: recorders put sets before it.
   */
  private static boolean startsWithKeyframe(Recorded fragment, ByteSource bytes)
      throws MediaException, IOException {
    String codec = fragment.track().codec();
    boolean hevc = codec.startsWith("hvc1") || codec.startsWith("hev1");
    if (!hevc && !codec.startsWith("avc1")) {
      return false;
    }
    List<Integer> types = firstTypes(fragment, bytes, hevc);
    return types.subList(0, Math.min(2, types.size())).contains(hevc ? HEVC_VPS : H264_SPS);
  }

  /** Types of the NAL units that begin in a fragment's first bytes. */
  private static List<Integer> firstTypes(Recorded fragment, ByteSource bytes, boolean hevc)
      throws MediaException, IOException {
    byte[] head =
        bytes.read(
            fragment.chunk().key(),
            fragment.fragment().offset(),
            Math.min(FIRST_BYTES, fragment.fragment().length()));
    List<Integer> types = new ArrayList<>();
    if (MovieFragment.lengthOf(head) > head.length) {
      return types;
    }
    int at = (int) MovieFragment.read(head).samples().get(0).offset() + NalUnits.LENGTH_SIZE;
    while (at < head.length) {
      types.add(hevc ? head[at] >> 1 & 0x3f : head[at] & 0x1f);
      long length =
          ByteBuffer.wrap(head, at - NalUnits.LENGTH_SIZE, NalUnits.LENGTH_SIZE).getInt()
              & 0xffffffffL;
      at = (int) Math.min(head.length, at + length + NalUnits.LENGTH_SIZE);
    }
    return types;
  }

  Recorded first() {
    return parts.get(0);
  }

  List<Recorded> parts() {
    return parts;
  }

  /** Whether a decoder that starts with it shows all its pictures. */
  boolean closed() {
    return first().fragment().independent();
  }

  /**
   * Whether it may also stand behind pictures of another encoder: an H.264 decoder takes another's
   * numbers and parameter sets at an IDR only.
   */
  boolean beginsAnew(ByteSource bytes) throws MediaException, IOException {
    if (!closed() || !isH264()) {
      return closed();
    }
    // Mostly the slice lies near the beginning, and no more has to be read.
    List<Integer> types = firstTypes(first(), bytes, false);
    return types.contains(H264_IDR)
        || !types.contains(H264_SLICE) && pictures(bytes).get(0).isIdr();
  }

  boolean isH264() {
    return first().track().codec().startsWith("avc1");
  }

  /** Presentation time of its earliest picture. */
  long startTicks() {
    return first().startPresented();
  }

  /** Presentation time after its last picture. */
  long endTicks() {
    return parts.get(parts.size() - 1).endTicks() + first().track().reorderTicks();
  }

  long startMicros() {
    return micros(startTicks());
  }

  long endMicros() {
    return micros(endTicks());
  }

  /** The position of a presentation time. */
  long micros(long ticks) {
    return first().originMicros() + Rational.rescale(ticks, first().unit(), MICROS);
  }

  /** All of them, in decoding order. */
  List<Picture> pictures(ByteSource bytes) throws MediaException, IOException {
    if (pictures == null) {
      List<Picture> read = new ArrayList<>();
      for (int part = 0; part < parts.size(); part++) {
        Recorded from = parts.get(part);
        byte[] content =
            bytes.read(from.chunk().key(), from.fragment().offset(), from.fragment().length());
        for (FragmentSample sample : MovieFragment.read(content).samples()) {
          if (sample.offset() + sample.size() > content.length) {
            throw new MediaException(
                MediaException.Reason.MALFORMED,
                "A fragment of " + from.chunk().key() + " is shorter than its samples");
          }
          ByteBuffer data = ByteBuffer.wrap(content, (int) sample.offset(), sample.size()).slice();
          read.add(new Picture(sample, part, data));
        }
      }
      pictures = read;
    }
    return pictures;
  }

  /**
   * Those from its keyframe on in order of show, so that a decoder can start with them.
   *
   * @param from closes it
   * @throws MediaException UNSUPPORTED when that is not possible
   */
  List<Picture> closed(ClosedGop from, ByteSource bytes) throws MediaException, IOException {
    List<Picture> closed = new ArrayList<>();
    long key = pictures(bytes).get(0).shown();
    for (Picture picture : pictures(bytes)) {
      if (picture.shown() >= key) {
        closed.add(new Picture(picture.sample(), picture.part(), picture.closed(from)));
      }
    }
    return closed;
  }

  /** Lets its bytes go; they are read again when they are asked for. */
  void forget() {
    pictures = null;
  }
}
