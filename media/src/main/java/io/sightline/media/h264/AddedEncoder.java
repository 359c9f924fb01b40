package io.sightline.media.h264;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets pictures of a second encoder stand among those of a recording under one header: the second
 * encoder's parameter sets, and the slices that name them, get ids that the recording does not use.
 *
 * <p>Players take no second header in mid-stream: FFmpeg's demuxer skips it, and Chromium ends with
 * a decode error when one id comes to mean something else. Profile and level of the header stay
 * those of the recording. Slices are renamed by shifting their bits, which only CAVLC allows:
 * CABAC's begin at a byte.
 */
public final class AddedEncoder {

  private static final int SLICE = 1;
  private static final int IDR_SLICE = 5;
  private static final int SEQUENCE_SET = 7;
  private static final int PICTURE_SET = 8;

  /** Bits of a sequence parameter set before its id: profile, constraints and level. */
  private static final int BEFORE_SEQUENCE_ID = 24;

  private static final int SEQUENCE_IDS = 32;
  private static final int PICTURE_IDS = 256;

  private final AvcHeader merged;
  private final List<byte[]> sets;
  private final int pictureId;

  private AddedEncoder(AvcHeader merged, List<byte[]> sets, int pictureId) {
    this.merged = merged;
    this.sets = sets;
    this.pictureId = pictureId;
  }

  /**
   * @param recorded the recording's header
   * @param sequenceSet the encoder's only one, a whole NAL unit
   * @param pictureSet the encoder's only one, a whole NAL unit
   * @throws MediaException UNSUPPORTED when no id is free or the encoder writes CABAC
   */
  public static AddedEncoder of(AvcHeader recorded, byte[] sequenceSet, byte[] pictureSet)
      throws MediaException {
    if (isCabac(pictureSet)) {
      throw new MediaException(Reason.UNSUPPORTED, "The encoder's slices begin at bytes (CABAC)");
    }
    AddedEncoder known = known(recorded, sequenceSet, pictureSet);
    if (known != null) {
      return known;
    }
    int sequenceId = free(idsOf(recorded.sequence()), SEQUENCE_IDS);
    int pictureId = free(idsOf(recorded.picture()), PICTURE_IDS);
    if (sequenceId < 0
        || pictureId < 0
        || recorded.sequence().size() >= AvcHeader.MAX_SEQUENCE_SETS
        || recorded.picture().size() >= AvcHeader.MAX_PICTURE_SETS) {
      throw new MediaException(Reason.UNSUPPORTED, "The recording uses all parameter set ids");
    }
    byte[] sequence = NalIds.replaced(sequenceSet, BEFORE_SEQUENCE_ID, 0, sequenceId);
    byte[] picture = NalIds.replaced(pictureSet, 0, 0, pictureId, sequenceId);
    List<byte[]> allSequence = new ArrayList<>(recorded.sequence());
    allSequence.add(sequence);
    List<byte[]> allPicture = new ArrayList<>(recorded.picture());
    allPicture.add(picture);
    return new AddedEncoder(
        new AvcHeader(recorded.profile(), allSequence, allPicture, recorded.extension()),
        List.of(sequence, picture),
        pictureId);
  }

  /**
   * Under the ids that the encoder got when its pictures were added before, so that the header
   * stays as it is; null when they never were.
   */
  private static AddedEncoder known(AvcHeader recorded, byte[] sequenceSet, byte[] pictureSet)
      throws MediaException {
    for (byte[] sequence : recorded.sequence()) {
      int sequenceId = idOf(sequence);
      if (!Arrays.equals(
          sequence, NalIds.replaced(sequenceSet, BEFORE_SEQUENCE_ID, 0, sequenceId))) {
        continue;
      }
      for (byte[] picture : recorded.picture()) {
        int pictureId = idOf(picture);
        if (Arrays.equals(picture, NalIds.replaced(pictureSet, 0, 0, pictureId, sequenceId))) {
          return new AddedEncoder(recorded, List.of(sequence, picture), pictureId);
        }
      }
    }
    return null;
  }

  /** A header under which both kinds of pictures are decoded. */
  public AvcHeader header() {
    return merged;
  }

  /**
   * The NAL units of one picture of the encoder as they stand among the recording's. A picture that
   * a decoder can start with brings its sets along.
   *
   * @param units whole NAL units, in order; not changed
   */
  public List<byte[]> picture(List<byte[]> units) throws MediaException {
    List<byte[]> renamed = new ArrayList<>();
    for (byte[] unit : units) {
      int type = unit[0] & 0x1f;
      if (type == SLICE || type == IDR_SLICE) {
        if (type == IDR_SLICE && renamed.isEmpty()) {
          renamed.addAll(sets);
        }
        renamed.add(NalIds.replaced(unit, 0, 2, pictureId));
      } else if (type != SEQUENCE_SET && type != PICTURE_SET) {
        throw new MediaException(
            Reason.UNSUPPORTED, "The encoder writes NAL units of the unknown type " + type);
      }
    }
    return renamed;
  }

  private static boolean isCabac(byte[] pictureSet) throws MediaException {
    BitReader bits = new BitReader(pictureSet, 1);
    bits.unsigned();
    bits.unsigned();
    return bits.flag();
  }

  private static Set<Integer> idsOf(List<byte[]> units) throws MediaException {
    Set<Integer> ids = new HashSet<>();
    for (byte[] unit : units) {
      ids.add(idOf(unit));
    }
    return ids;
  }

  private static int idOf(byte[] unit) throws MediaException {
    boolean sequence = (unit[0] & 0x1f) == SEQUENCE_SET;
    return new BitReader(unit, sequence ? 1 + BEFORE_SEQUENCE_ID / 8 : 1).unsigned();
  }

  private static int free(Set<Integer> used, int count) {
    for (int id = 0; id < count; id++) {
      if (!used.contains(id)) {
        return id;
      }
    }
    return -1;
  }
}
