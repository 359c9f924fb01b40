package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;

/**
 * What a picture parameter set says of the headers of slices (ITU-T H.264, section 7.3.2.2).
 *
 * @param id by which slices name it
 * @param cabac whether the data of slices begin at a byte
 * @param orderInFrame whether slices tell the order of a picture's second field
 * @param references0 how many pictures P and B slices refer to, unless they say otherwise
 * @param references1 how many later ones B slices refer to, unless they say otherwise
 * @param weighted whether P slices weight what they refer to
 * @param weightedBoth whether B slices do so by weights of their own
 * @param deblocking whether slices say how blocks are smoothed
 * @param redundant whether slices tell which copy of a picture they are of
 */
record PictureParameters(
    int id,
    boolean cabac,
    boolean orderInFrame,
    int references0,
    int references1,
    boolean weighted,
    boolean weightedBoth,
    boolean deblocking,
    boolean redundant) {

  /**
   * @param pps the whole NAL unit
   * @throws MediaException MALFORMED; UNSUPPORTED when slices are in groups
   */
  static PictureParameters read(byte[] pps) throws MediaException {
    BitReader bits = new BitReader(pps, 1);
    int id = bits.unsigned();
    bits.unsigned();
    boolean cabac = bits.flag();
    boolean orderInFrame = bits.flag();
    if (bits.unsigned() > 0) {
      throw new MediaException(Reason.UNSUPPORTED, "Its slices are in groups");
    }
    int references0 = bits.unsigned() + 1;
    int references1 = bits.unsigned() + 1;
    boolean weighted = bits.flag();
    boolean weightedBoth = bits.bits(2) == 1;
    bits.signed();
    bits.signed();
    bits.signed();
    boolean deblocking = bits.flag();
    bits.flag();
    boolean redundant = bits.flag();
    return new PictureParameters(
        id,
        cabac,
        orderInFrame,
        references0,
        references1,
        weighted,
        weightedBoth,
        deblocking,
        redundant);
  }
}
