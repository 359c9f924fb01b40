package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets a decoder start with an open GOP, without encoding anything: its keyframe becomes an IDR,
 * and the numbers by which the pictures behind it are known are counted from it. What is shown
 * before the keyframe refers to the GOP before and has to be left out; that this leaves holes in
 * the numbers is allowed by the sequence parameter set.
 *
 * <p>{@code frame_num} and {@code pic_order_cnt_lsb} have fixed lengths, so nothing is shifted in
 * most slices. The slices of the keyframe get longer headers, and commands that let go of pictures
 * which are not there any more are taken out; the data behind such headers are moved, those of
 * CABAC to the next byte. From the next recorded IDR on slices are left as they are.
 *
 * <p>One instance for one GOP, which may be closed already; pictures come in decoding order.
 */
public final class ClosedGop {

  private static final int SLICE = 1;
  private static final int IDR_SLICE = 5;
  private static final int EXTRA_INFORMATION = 6;
  private static final int SEQUENCE_SET = 7;
  private static final int FIRST_PARTITION = 2;
  private static final int LAST_PARTITION = 4;
  private static final int PREFIX = 14;

  private static final int REFERENCE_BITS = 0x60;

  /** Unlike those that encoders count up from zero: two neighbours must differ. */
  private static final int IDR_ID = 1_000;

  private final AvcHeader header;
  private final SequenceParameters sequence;
  private final Map<Integer, PictureParameters> pictures = new HashMap<>();

  private boolean started;
  private boolean ended;
  private int baseNumber;
  private int baseOrder;
  private int number;

  private ClosedGop(AvcHeader header, SequenceParameters sequence) {
    this.header = header;
    this.sequence = sequence;
  }

  /**
   * @param recorded the recording's header
   * @throws MediaException UNSUPPORTED when its pictures are numbered in a way that is not known
   */
  public static ClosedGop of(AvcHeader recorded) throws MediaException {
    if (recorded.sequence().size() != 1) {
      throw unsupported("it has several sequence parameter sets");
    }
    SequenceParameters sequence = SequenceParameters.read(recorded.sequence().get(0));
    if (sequence.orderType() != 0 || !sequence.progressive() || sequence.chromaFormat() != 1) {
      throw unsupported("its pictures are numbered in another way");
    }
    byte[] set = withGaps(recorded.sequence().get(0), sequence);
    ClosedGop closed =
        new ClosedGop(
            new AvcHeader(
                recorded.profile(), List.of(set), recorded.picture(), recorded.extension()),
            sequence);
    for (byte[] unit : recorded.picture()) {
      PictureParameters picture = PictureParameters.read(unit);
      closed.pictures.put(picture.id(), picture);
    }
    return closed;
  }

  /** The recording's header, as it has to be for what comes out. */
  public AvcHeader header() {
    return header;
  }

  /**
   * The units of the next picture that is kept; the first is the keyframe's.
   *
   * @param units whole NAL units, in order; not changed
   * @throws MediaException UNSUPPORTED when it has something that is not known here
   */
  public List<ByteBuffer> picture(List<ByteBuffer> units) throws MediaException {
    List<ByteBuffer> rewritten = new ArrayList<>();
    boolean first = !started;
    for (ByteBuffer unit : units) {
      int type = unit.get(unit.position()) & 0x1f;
      ended |= type == IDR_SLICE;
      if (type == SEQUENCE_SET) {
        rewritten.add(ByteBuffer.wrap(header.sequence().get(0)));
      } else if (type == EXTRA_INFORMATION && first) {
        // It says where a decoder may start without an IDR, and describes buffers up to there.
        continue;
      } else if (type == SLICE && !ended) {
        byte[] slice = bytes(unit);
        rewritten.add(ByteBuffer.wrap(first ? asIdr(slice) : counted(slice)));
      } else if (type >= FIRST_PARTITION && type <= LAST_PARTITION || type == PREFIX) {
        throw unsupported("its slices are in parts or layers");
      } else {
        rewritten.add(unit);
      }
    }
    if (first && !started && !ended) {
      throw unsupported("its keyframe has no slices");
    }
    return rewritten;
  }

  private byte[] asIdr(byte[] slice) throws MediaException {
    NalPayload from = NalPayload.of(slice);
    BitWriter to = new BitWriter((byte) (slice[0] & REFERENCE_BITS | IDR_SLICE), slice.length);
    to.unsigned(from.unsigned());
    int type = from.unsigned();
    PictureParameters picture = parameters(type, from, to);
    SliceHeader header = SliceHeader.of(type, sequence, picture);
    if (!header.intra() || (slice[0] & REFERENCE_BITS) == 0) {
      throw unsupported("its keyframes refer to other pictures");
    }
    int ownNumber = from.bits(sequence.frameNumberBits());
    int ownOrder = from.bits(sequence.orderBits());
    if (started && (ownNumber != baseNumber || ownOrder != baseOrder)) {
      throw unsupported("its keyframe is made of several pictures");
    }
    started = true;
    baseNumber = ownNumber;
    baseOrder = ownOrder;
    to.bits(0, sequence.frameNumberBits());
    to.unsigned(IDR_ID);
    to.bits(0, sequence.orderBits());
    int order = from.position();
    header.skipToMarking(from);
    int marking = from.position();
    from.position(order);
    from.copyTo(marking, to);
    SliceHeader.marking(from);
    // Nothing that was decoded before is held back, and it is no long-term reference.
    to.bits(0, 2);
    header.copyEnd(from, to);
    return to.end();
  }

  private byte[] counted(byte[] slice) throws MediaException {
    NalPayload from = NalPayload.of(slice);
    BitWriter to = new BitWriter(slice[0], slice.length);
    to.unsigned(from.unsigned());
    int type = from.unsigned();
    PictureParameters picture = parameters(type, from, to);
    int numbers = 1 << sequence.frameNumberBits();
    int ownNumber = from.bits(sequence.frameNumberBits()) - baseNumber & numbers - 1;
    number += ownNumber - number & numbers - 1;
    to.bits(ownNumber, sequence.frameNumberBits());
    to.bits(from.bits(sequence.orderBits()) - baseOrder, sequence.orderBits());
    boolean referred = (slice[0] & REFERENCE_BITS) != 0;
    if (referred && number <= sequence.references()) {
      letNothingGoThatIsNotThere(from, to, SliceHeader.of(type, sequence, picture));
    } else {
      from.copyRest(to);
    }
    return to.end();
  }

  private void letNothingGoThatIsNotThere(NalPayload from, BitWriter to, SliceHeader header)
      throws MediaException {
    int order = from.position();
    header.skipToMarking(from);
    int marking = from.position();
    List<Integer> released = SliceHeader.marking(from);
    int end = from.position();
    from.position(order);
    if (released == null || released.stream().allMatch(distance -> distance <= number)) {
      from.copyRest(to);
      return;
    }
    from.copyTo(marking, to);
    to.bit(1);
    for (int distance : released) {
      if (distance <= number) {
        to.unsigned(1);
        to.unsigned(distance - 1);
      }
    }
    to.unsigned(0);
    from.position(end);
    header.copyEnd(from, to);
  }

  private PictureParameters parameters(int type, NalPayload from, BitWriter to)
      throws MediaException {
    int id = from.unsigned();
    PictureParameters picture = pictures.get(id);
    if (picture == null) {
      throw unsupported("its slices name a parameter set that its header lacks");
    }
    to.unsigned(type);
    to.unsigned(id);
    return picture;
  }

  private static byte[] withGaps(byte[] set, SequenceParameters sequence) throws MediaException {
    NalPayload from = NalPayload.of(set);
    BitWriter to = new BitWriter(set[0], set.length);
    from.copyTo(sequence.gapsAt(), to);
    from.next();
    to.bit(1);
    from.copyRest(to);
    return to.end();
  }

  private static byte[] bytes(ByteBuffer unit) {
    byte[] bytes = new byte[unit.remaining()];
    unit.duplicate().get(bytes);
    return bytes;
  }

  private static MediaException unsupported(String reason) {
    return new MediaException(Reason.UNSUPPORTED, "its GOPs are open, and " + reason);
  }
}
