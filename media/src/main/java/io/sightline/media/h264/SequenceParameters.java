package io.sightline.media.h264;

import io.sightline.media.MediaException;
import java.util.Set;

/**
 * What an H.264 stream's sequence parameter set says of its pictures.
 *
 * @param width in pixels, without what is cropped
 * @param height in pixels, without what is cropped
 * @param chromaFormat 0 without colour, 1 for 4:2:0, 2 for 4:2:2, 3 for 4:4:4
 * @param bitDepth of brightness
 * @param progressive whether no picture can be interlaced
 * @param frameNumberBits of {@code frame_num} in slices
 * @param orderType {@code pic_order_cnt_type}
 * @param orderBits of {@code pic_order_cnt_lsb} in slices; 0 when {@code orderType} is not 0
 * @param references how many pictures others may refer to at one time
 * @param gapsAt where in its payload {@code gaps_in_frame_num_value_allowed_flag} lies, in bits
 */
public record SequenceParameters(
    int width,
    int height,
    int chromaFormat,
    int bitDepth,
    boolean progressive,
    int frameNumberBits,
    int orderType,
    int orderBits,
    int references,
    int gapsAt) {

  private static final Set<Integer> HIGH_PROFILES =
      Set.of(100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135);

  /**
   * Reads a sequence parameter set (ITU-T H.264, section 7.3.2.1.1).
   *
   * @param sps the whole NAL unit
   * @throws MediaException MALFORMED
   */
  public static SequenceParameters read(byte[] sps) throws MediaException {
    BitReader bits = new BitReader(sps, 1);
    int profile = bits.bits(8);
    bits.bits(16);
    bits.unsigned();
    int chroma = 1;
    int planes = 1;
    int depth = 8;
    if (HIGH_PROFILES.contains(profile)) {
      chroma = bits.unsigned();
      planes = chroma;
      if (chroma == 3 && bits.flag()) {
        planes = 0;
      }
      depth = 8 + bits.unsigned();
      bits.unsigned();
      bits.bits(1);
      if (bits.flag()) {
        skipScalingLists(bits, chroma == 3 ? 12 : 8);
      }
    }
    int frameNumberBits = bits.unsigned() + 4;
    int orderType = bits.unsigned();
    int orderBits = 0;
    if (orderType == 0) {
      orderBits = bits.unsigned() + 4;
    } else if (orderType == 1) {
      bits.bits(1);
      bits.signed();
      bits.signed();
      int cycle = bits.unsigned();
      for (int index = 0; index < cycle; index++) {
        bits.signed();
      }
    }
    int references = bits.unsigned();
    int gapsAt = bits.position();
    bits.bits(1);
    int across = bits.unsigned() + 1;
    int down = bits.unsigned() + 1;
    int fields = bits.flag() ? 1 : 2;
    if (fields == 2) {
      bits.bits(1);
    }
    bits.bits(1);
    int left = 0;
    int right = 0;
    int top = 0;
    int bottom = 0;
    if (bits.flag()) {
      left = bits.unsigned();
      right = bits.unsigned();
      top = bits.unsigned();
      bottom = bits.unsigned();
    }
    int cropX = planes == 1 || planes == 2 ? 2 : 1;
    int cropY = (planes == 1 ? 2 : 1) * fields;
    long width = 16L * across - (long) cropX * (left + right);
    long height = 16L * down * fields - (long) cropY * (top + bottom);
    if (width < 1 || height < 1 || width > 0xffff || height > 0xffff) {
      throw new MediaException(
          MediaException.Reason.MALFORMED,
          "The stream says that its pictures measure " + width + "x" + height);
    }
    return new SequenceParameters(
        (int) width,
        (int) height,
        chroma,
        depth,
        fields == 1,
        frameNumberBits,
        orderType,
        orderBits,
        references,
        gapsAt);
  }

  private static void skipScalingLists(BitReader bits, int lists) throws MediaException {
    for (int list = 0; list < lists; list++) {
      if (bits.flag()) {
        int last = 8;
        int next = 8;
        for (int index = 0; index < (list < 6 ? 16 : 64); index++) {
          if (next != 0) {
            next = (last + bits.signed() + 256) % 256;
          }
          last = next == 0 ? last : next;
        }
      }
    }
  }
}
