package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds its way in the header of a slice of a frame (ITU-T H.264, section 7.3.3), behind {@code
 * pic_order_cnt_lsb}.
 */
final class SliceHeader {

  private static final int TYPES = 5;
  private static final int P = 0;
  private static final int B = 1;
  private static final int I = 2;
  private static final int MAX_REFERENCES = 32;
  private static final int MAX_COMMANDS = 64;
  private static final int END_OF_LIST = 3;
  private static final int LET_GO = 1;

  private final int type;
  private final PictureParameters picture;

  private SliceHeader(int type, PictureParameters picture) {
    this.type = type;
    this.picture = picture;
  }

  /**
   * @param type as the slice says it
   * @throws MediaException UNSUPPORTED when slices of this type are not known
   */
  static SliceHeader of(int type, SequenceParameters sequence, PictureParameters picture)
      throws MediaException {
    if (type % TYPES > I || !sequence.progressive()) {
      throw unsupported("its slices are of another kind");
    }
    return new SliceHeader(type % TYPES, picture);
  }

  boolean intra() {
    return type == I;
  }

  /** Reads up to where it says which pictures are let go. */
  void skipToMarking(NalPayload from) throws MediaException {
    if (picture.orderInFrame() && from.signed() < 0) {
      throw unsupported("its fields are numbered the other way round");
    }
    if (picture.redundant()) {
      from.unsigned();
    }
    if (type == I) {
      return;
    }
    if (type == B) {
      from.flag();
    }
    int references0 = picture.references0();
    int references1 = picture.references1();
    if (from.flag()) {
      references0 = from.unsigned() + 1;
      references1 = type == B ? from.unsigned() + 1 : references1;
    }
    if (references0 > MAX_REFERENCES || references1 > MAX_REFERENCES) {
      throw malformed();
    }
    skipOrder(from);
    if (type == B) {
      skipOrder(from);
    }
    if (type == P && picture.weighted() || type == B && picture.weightedBoth()) {
      from.unsigned();
      from.unsigned();
      skipWeights(from, references0);
      if (type == B) {
        skipWeights(from, references1);
      }
    }
  }

  private static void skipOrder(NalPayload from) throws MediaException {
    if (from.flag()) {
      for (int command = 0; from.unsigned() != END_OF_LIST; command++) {
        from.unsigned();
        if (command > MAX_COMMANDS) {
          throw malformed();
        }
      }
    }
  }

  private static void skipWeights(NalPayload from, int references) throws MediaException {
    for (int index = 0; index < references; index++) {
      if (from.flag()) {
        from.signed();
        from.signed();
      }
      if (from.flag()) {
        for (int value = 0; value < 4; value++) {
          from.signed();
        }
      }
    }
  }

  /**
   * Reads which pictures are let go.
   *
   * @return how far behind in {@code frame_num} each of them lies; null when the oldest goes by
   *     itself
   * @throws MediaException UNSUPPORTED when it has other commands
   */
  static List<Integer> marking(NalPayload from) throws MediaException {
    if (!from.flag()) {
      return null;
    }
    List<Integer> released = new ArrayList<>();
    for (int command = from.unsigned(); command != 0; command = from.unsigned()) {
      if (command != LET_GO) {
        throw unsupported("it keeps pictures for long");
      }
      released.add(from.unsigned() + 1);
      if (released.size() > MAX_COMMANDS) {
        throw malformed();
      }
    }
    return released;
  }

  /** Copies what follows that, and the data, which begin at a byte with CABAC. */
  void copyEnd(NalPayload from, BitWriter to) throws MediaException {
    int start = from.position();
    if (picture.cabac() && type != I) {
      from.unsigned();
    }
    from.signed();
    if (picture.deblocking() && from.unsigned() != 1) {
      from.signed();
      from.signed();
    }
    int end = from.position();
    from.position(start);
    from.copyTo(end, to);
    if (picture.cabac()) {
      from.align();
      to.align();
    }
    from.copyRest(to);
  }

  private static MediaException unsupported(String reason) {
    return new MediaException(Reason.UNSUPPORTED, "its GOPs are open, and " + reason);
  }

  private static MediaException malformed() {
    return new MediaException(Reason.MALFORMED, "The header of a slice makes no sense");
  }
}
